package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.QueueFullException;
import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One open WebSocket connection, of a server or of a client.
 *
 * <p>What is sent waits in a queue that is bounded in bytes of frames, from the call until the bytes have been handed to
 * the kernel. Control frames are outside that bound; they are few. What happens at the bound is told by
 * {@link Overflow}.
 *
 * <p>Safe for many threads; the messages of one thread leave in the order of its calls. Futures complete on the event
 * loop of the connection, so what depends on them must not block.
 *
 * <pre>{@code
 * WebSocketListener echo = new WebSocketListener() {
 *     public void onText(WebSocket socket, String text) {
 *         socket.sendAsync(text);
 *     }
 * };
 * }</pre>
 */
public final class WebSocket implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(WebSocket.class.getName());
    private static final CloseReason QUEUE_FULL = new CloseReason(CloseReason.TRY_LATER, "outbound queue is full");

    private final Channel channel;
    private final SocketAddress remoteAddress;
    private final WebSocketListener listener;
    private final Counters counters;
    private final @Nullable Object attachment;
    private final Outbox outbox;
    private final CloseHandshake handshake;
    private final AtomicReference<@Nullable CloseReason> closing = new AtomicReference<>();
    // completes first, so that whoever waits for closed() finds the books of the server in order
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    private volatile boolean truncated;
    // confined to the event loop
    private boolean opened;
    private boolean paused;

    /**
     * Takes over a channel whose upgrade is complete.
     *
     * @param rawWrites where frames that need no encoder enter the pipeline
     */
    WebSocket(
            ChannelHandlerContext rawWrites,
            boolean client,
            Settings settings,
            WebSocketListener listener,
            Counters counters,
            WriteStall stall,
            @Nullable Object attachment) {
        this.channel = rawWrites.channel();
        this.remoteAddress = channel.remoteAddress();
        this.listener = listener;
        this.counters = counters;
        this.attachment = attachment;
        this.outbox = new Outbox(this, rawWrites, client, settings, counters, stall);
        this.handshake = new CloseHandshake(channel, client, settings.link().drainTimeout(), stall::finish);
    }

    /**
     * Sends a text message; completes when its bytes have been handed to the kernel. Cancelling does not unsend.
     *
     * <p>The future fails with {@link QueueFullException} if the message does not fit, and with another
     * {@link IOException} if the connection is closed. An unpaired surrogate is sent as a question mark.
     */
    public CompletableFuture<Void> sendAsync(CharSequence text) {
        return outbox.submit(text);
    }

    /** Sends the remaining bytes as a binary message, as {@link #sendAsync(CharSequence)} does. They are copied. */
    public CompletableFuture<Void> sendAsync(ByteBuffer bytes) {
        return outbox.submit(bytes);
    }

    /** Sends a shared message, as {@link #sendAsync(CharSequence)} does. The caller's reference stays the caller's. */
    public CompletableFuture<Void> sendAsync(PreparedMessage message) {
        return outbox.submit(message);
    }

    /**
     * Blocking form of {@link #sendAsync(CharSequence)}, which waits for room in the queue instead of failing, whatever
     * the {@link Overflow}.
     *
     * @throws IOException if the connection is closed
     * @throws InterruptedException if interrupted; a message that was still waiting for room is not sent
     * @throws IllegalStateException if called on an event loop
     */
    public void send(CharSequence text) throws IOException, InterruptedException {
        refuseEventLoop("send");
        outbox.send(text);
    }

    /**
     * Blocking form of {@link #sendAsync(ByteBuffer)}, which waits for room in the queue instead of failing, whatever
     * the {@link Overflow}.
     *
     * @throws IOException if the connection is closed
     * @throws InterruptedException if interrupted; a message that was still waiting for room is not sent
     * @throws IllegalStateException if called on an event loop
     */
    public void send(ByteBuffer bytes) throws IOException, InterruptedException {
        refuseEventLoop("send");
        outbox.send(bytes);
    }

    private void refuseEventLoop(String method) {
        if (inEventLoop()) {
            throw new IllegalStateException(method + " would block the event loop "
                    + Thread.currentThread().getName() + "; use " + method + "Async there");
        }
    }

    /**
     * Queues a shared message without flushing it: the fast way to send to many connections. Call {@link #flush} after
     * the last one. For many small messages at a time see {@link PreparedBatch}.
     *
     * @return false if the queue is full or the connection is closed; then nothing was queued
     */
    public boolean offer(PreparedMessage message) {
        return outbox.offer(message);
    }

    /**
     * Queues neighbouring messages of a batch as one write, without flushing it: all of them or none. Like a single
     * message they are queued, however many they are, when nothing else is.
     *
     * @param from index of the first message
     * @param to index behind the last message
     * @return false if the queue has no room for all of them or the connection is closed; then nothing was queued
     * @throws IndexOutOfBoundsException if the batch has no such messages
     */
    public boolean offer(PreparedBatch batch, int from, int to) {
        return outbox.offer(batch, from, to);
    }

    /** Hands what {@code offer} has queued to the kernel, as far as that takes it; the rest follows by itself. */
    public void flush() {
        outbox.flush();
    }

    /**
     * Flushes, and completes when everything queued before has been handed to the kernel; fails with an
     * {@link IOException} if it never will be, because the connection ended first. Nothing is sent for it.
     */
    public CompletableFuture<Void> drainAsync() {
        return outbox.drainAsync();
    }

    /**
     * Blocking form of {@link #drainAsync}; not for event-loop threads.
     *
     * @throws TimeoutException if it took longer; what is queued stays queued
     * @throws IOException if the connection ended before
     * @throws InterruptedException if interrupted; what is queued stays queued
     * @throws IllegalStateException if called on an event loop
     */
    public void drain(Duration deadline) throws IOException, InterruptedException, TimeoutException {
        refuseEventLoop("drain");
        Waiting.get(drainAsync(), deadline);
    }

    /** True if the connection is open and the queue below its bound. */
    public boolean isWritable() {
        return isOpen() && outbox.hasRoom();
    }

    /** Bytes of frames that wait to be handed to the kernel. */
    public long queuedBytes() {
        return outbox.queued();
    }

    /**
     * Messages that were queued and never handed to the kernel, because the connection ended before their turn; from
     * {@code onClose} on it is known how many they are. What the kernel had taken may be lost as well, which nobody can know.
     */
    public long lostMessages() {
        return outbox.lost();
    }

    /**
     * Whether the connection dropped inside a message of the peer, of which the listener then gets nothing; from
     * {@code onClose} on that is known. With TLS a message counts when a whole record of it has come.
     */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * Stops reading, so that the peer has to wait. Takes effect at once on the event loop of the connection; from other
     * threads messages may come until the loop has seen it. While paused, neither a close by the peer nor its death is
     * noticed.
     */
    public void pause() {
        setReading(false);
    }

    /** Reads again. */
    public void resume() {
        setReading(true);
    }

    private void setReading(boolean on) {
        try {
            runInLoop(() -> {
                paused = !on;
                if (opened && isOpen()) {
                    channel.config().setAutoRead(on);
                }
            });
        } catch (RejectedExecutionException e) {
            // the loop has ended, and nothing more comes
            return;
        }
    }

    /**
     * Closes the connection: sends what is queued, then a close frame, and waits for the peer's answer no longer than
     * the drain time-out. Messages that arrive from now on are dropped. A second close changes nothing.
     *
     * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999
     * @param reason for people; cut to 123 bytes of UTF-8
     * @return completes when the connection has ended and {@code onClose} has been called
     * @throws IllegalArgumentException if the code is one that may not be sent
     */
    public CompletableFuture<Void> closeAsync(int code, String reason) {
        CloseReason toSend = CloseReason.toSend(code, requireNonNull(reason, "reason"));
        if (closing.compareAndSet(null, toSend)) {
            begin(toSend);
        }
        return closed.thenApply(r -> null);
    }

    /** Closes with code 1000 and waits for the end, except on an event loop, where it only begins to close. */
    @Override
    public void close() {
        CompletableFuture<Void> end = closeAsync(CloseReason.NORMAL, "");
        if (!inEventLoop()) {
            Blocking.awaitClose(end);
        }
    }

    private void begin(CloseReason reason) {
        outbox.wake();
        runInLoop(() -> handshake.start(reason));
    }

    void closeSlow() {
        if (closing.compareAndSet(null, QUEUE_FULL)) {
            counters.closedSlow.increment();
            begin(QUEUE_FULL);
        }
    }

    boolean isClosedSlow() {
        return QUEUE_FULL.equals(closing.get());
    }

    IOException closedFailure(@Nullable Throwable cause) {
        CloseReason reason = closing.get();
        return new IOException(
                "connection to " + remoteAddress + " is closed: " + (reason == null ? "connection dropped" : reason)
                        + "; open a new one",
                cause);
    }

    /** Closes because of what the peer sent; its answer can still be read. */
    void fail(int code, String reason) {
        var unused = closeAsync(code, reason);
    }

    /** Closes because of what the peer sent; nothing more of it can be read. */
    void failDeaf(int code, String reason) {
        CloseReason toSend = CloseReason.toSend(code, reason);
        closing.compareAndSet(null, toSend);
        outbox.wake();
        handshake.startDeaf(toSend);
    }

    void peerClosed(CloseReason reason) {
        closing.compareAndSet(null, reason);
        outbox.wake();
        handshake.received(reason);
    }

    /** Ends the connection without a closing handshake. */
    void drop(CloseReason reason) {
        closing.compareAndSet(null, reason);
        Tls.cutOff(channel);
    }

    void dropDead() {
        dropCounted(
                new CloseReason(CloseReason.ABNORMAL, "no byte from the peer, two pings unanswered"),
                counters.closedDead);
    }

    void dropSlow() {
        dropCounted(new CloseReason(CloseReason.TRY_LATER, "peer takes no bytes"), counters.closedSlow);
    }

    private void dropCounted(CloseReason reason, LongAdder counter) {
        if (closing.compareAndSet(null, reason)) {
            counter.increment();
        }
        Tls.cutOff(channel);
    }

    /** Calls {@code onOpen}; what came along with the handshake is read after it. */
    void opened() {
        callListener(() -> listener.onOpen(this));
        opened = true;
        setReading(!paused);
    }

    void received(boolean text, ByteBuf payload) {
        counters.messagesIn.increment();
        counters.bytesIn.add(payload.readableBytes());
        callListener(() -> listener.onMessage(this, text, payload));
    }

    void becameWritable() {
        if (isOpen()) {
            channel.eventLoop().execute(() -> {
                if (isOpen()) {
                    callListener(() -> listener.onWritable(this));
                }
            });
        }
    }

    /** The channel is closed. */
    void ended(boolean insideMessage) {
        handshake.ended();
        closing.compareAndSet(null, new CloseReason(CloseReason.ABNORMAL, "connection dropped"));
        CloseReason reason = requireNonNull(closing.get());
        truncated = insideMessage && reason.code() == CloseReason.ABNORMAL;
        callListener(() -> listener.onClose(this, reason));
        outbox.wake();
        ended.complete(null);
        closed.complete(reason);
    }

    private void callListener(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            LOGGER.log(Level.WARNING, () -> "listener failed, closing " + this + " with 1011", e);
            fail(CloseReason.INTERNAL_ERROR, "listener failed");
        }
    }

    /** Address of the peer. */
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * What the {@link UpgradeHandler} of the server has given this connection with {@link UpgradeAnswer#accept(Object)}, as who
     * the client is; empty if there is none, and on a client.
     */
    public Optional<Object> attachment() {
        return Optional.ofNullable(attachment);
    }

    /** False as soon as either side has begun to close. */
    public boolean isOpen() {
        return closing.get() == null;
    }

    /** Completes when the connection has ended, after {@code onClose}. */
    public CompletableFuture<CloseReason> closed() {
        return closed.copy();
    }

    /** Runs the action when the connection has ended, after {@code onClose}, on the event loop. */
    void whenClosed(Runnable action) {
        var unused = ended.thenRun(action);
    }

    /** The event loop that the listener's calls for this connection run on. */
    public Executor executor() {
        return channel.eventLoop();
    }

    @Override
    public String toString() {
        CloseReason reason = closing.get();
        return "WebSocket[" + remoteAddress + ", " + (reason == null ? "open" : reason) + ", " + outbox.queued()
                + " bytes queued]";
    }

    Channel channel() {
        return channel;
    }

    private boolean inEventLoop() {
        return Loops.inEventLoop(channel);
    }

    private void runInLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }
}
