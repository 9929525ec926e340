package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.FrameStream;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.internal.FrameOutbox;
import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated connection that carries frames both ways; the same over TCP, Unix sockets and WebSocket.
 *
 * <p>Safe for many threads. Futures complete on any thread that uses or closes the connection, or on its event loop: what
 * depends on a future must never block.
 *
 * <p><b>The end.</b> After {@link Handshake#VERSION_2} the peer's {@code close} arrives behind all that it sent: then
 * {@code read} gives null, and {@link #closeReason} the peer's reason. An end without that, as after a crash, is an
 * {@link IOException} and {@link CloseReason#ABNORMAL}. After the other handshakes an end behind a whole frame is null
 * with {@link CloseReason#NO_CODE}. An end inside a frame is always an error. After this side's own {@code close},
 * reading and writing fail.
 *
 * <pre>{@code
 * try (Connection connection = Client.connect(endpoint, keys)) {
 *     connection.write(request);
 *     ByteBuffer reply = connection.read();
 * }
 * }</pre>
 */
public final class Connection implements FrameStream {
    private final Channel channel;
    private final Agreement agreement;
    private final SocketAddress remoteAddress;
    private final Optional<PeerCredentials> peer;
    private final FrameOutbox outbox;
    private final Inlet inlet;
    private final Closing closing;
    private final Tally tally;
    private final Executor executor;
    private final AtomicInteger filesToSend = new AtomicInteger();

    Connection(
            Channel channel,
            Agreement agreement,
            Optional<PeerCredentials> peer,
            FrameOutbox outbox,
            Inlet inlet,
            Closing closing,
            Tally tally,
            Executor executor) {
        this.channel = channel;
        this.agreement = agreement;
        this.remoteAddress = channel.remoteAddress();
        this.peer = peer;
        this.outbox = outbox;
        this.inlet = inlet;
        this.closing = closing;
        this.tally = tally;
        this.executor = executor;
        inlet.whenUnanswered(id -> Answers.refuse(this, id));
    }

    @Override
    public void write(ByteBuffer payload) throws IOException, InterruptedException {
        refuseEventLoop("write", "writeAsync");
        requireOpen();
        outbox.write(Kinds.DATA, payload);
    }

    @Override
    public CompletableFuture<Void> writeAsync(ByteBuffer payload) {
        return isOpen() ? outbox.writeAsync(Kinds.DATA, payload) : CompletableFuture.failedFuture(closing.failure());
    }

    @Override
    public boolean tryWrite(ByteBuffer payload) {
        return isOpen() && outbox.tryWrite(Kinds.DATA, payload);
    }

    @Override
    public OutgoingFrame open(long length) throws IOException, InterruptedException {
        requireOpen();
        return outbox.open(Kinds.DATA, length);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException also if a file is next, which stays for {@link #receiveFile(FileTarget)}
     */
    @Override
    public @Nullable ByteBuffer read() throws IOException, InterruptedException {
        refuseEventLoop("read", "readAsync");
        return inlet.read();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException also if a file is next, which stays for {@link #receiveFile(FileTarget)}
     */
    @Override
    public int read(ByteBuffer target) throws IOException, InterruptedException {
        refuseEventLoop("read", "readAsync");
        return inlet.read(target);
    }

    @Override
    @SuppressWarnings("NullAway") // does not see the annotation in the compiled interface
    public CompletableFuture<@Nullable ByteBuffer> readAsync() {
        return inlet.readAsync();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException also if a file is next, which stays for {@link #receiveFile(FileTarget)}
     */
    @Override
    public @Nullable IncomingFrame next() throws IOException, InterruptedException {
        refuseEventLoop("next", "nextAsync");
        return inlet.next();
    }

    @Override
    @SuppressWarnings("NullAway") // does not see the annotation in the compiled interface
    public CompletableFuture<@Nullable IncomingFrame> nextAsync() {
        return inlet.nextAsync();
    }

    /** Sends the whole of a file; as {@link #sendFile(FileToSend)}. */
    public long sendFile(Path file) throws IOException, InterruptedException {
        return sendFile(FileToSend.of(file));
    }

    /**
     * Sends a file, or a part of one, on its turn among the frames; not for event-loop threads.
     *
     * <p>On plain TCP and Unix sockets the bytes go from the disk to the socket without passing through this process.
     * What is written meanwhile leaves behind the file. The length is settled when its turn has come: a file that grows is cut
     * there, and one that shrinks, or cannot be read, closes the connection with {@link CloseReason#INTERNAL_ERROR}.
     *
     * <p>After {@link Handshake#VERSION_2} the receiver is told where the file begins and ends. After the other
     * handshakes it is one bare frame, of the prefix and the bytes, and may be no longer than a frame.
     *
     * @return how many bytes of the file were handed to the operating system
     * @throws java.nio.file.FileSystemException if the file cannot be read; before its first byte nothing is sent and the
     *     connection stays as it was
     * @throws IOException if the connection broke or is closed
     * @throws UnsupportedOperationException if a checksum or resuming was asked for after another handshake
     * @throws InterruptedException if interrupted; the receiver is told that the file was given up, or the connection is
     *     closed if frames cannot tell. If all of it was queued already, the file arrives all the same
     */
    public long sendFile(FileToSend file) throws IOException, InterruptedException {
        refuseEventLoop("sendFile", "sendFileAsync");
        requireOpen();
        return FileSender.send(this, file);
    }

    /**
     * As {@link #sendFile(FileToSend)}, without waiting. The file takes its turn at the call; when that has come, it is
     * opened and read on the executor.
     * Cancelling gives the file up, as an interrupt does, and so does whatever else completes the future from outside.
     *
     * @return completes when the last byte has been handed to the operating system; fails with an {@link IOException} if 64
     *     files wait already
     */
    public CompletableFuture<Long> sendFileAsync(FileToSend file) {
        return isOpen() ? FileSender.sendAsync(this, file) : CompletableFuture.failedFuture(closing.failure());
    }

    /** Receives a file and gives it this name; as {@link #receiveFile(FileTarget)}. */
    public @Nullable ReceivedFile receiveFile(Path target) throws IOException, InterruptedException {
        return receiveFile(FileTarget.of(target));
    }

    /**
     * Waits for a file and stores it; not for event-loop threads. Where the sender chooses the name, see {@link FileRoot}.
     *
     * <p>The bytes go into a temporary file beside the target, and to the disk, before the file gets its name at a stroke.
     * The name is brought to the disk where the system can.
     * Whatever fails, nothing of it stays and what was there before does. A file that cannot be stored, is too long, or is
     * given up here after its beginning, closes the connection, so that the sender learns of it. One that the sender gave
     * up, or whose checksum is wrong, costs only that file.
     *
     * @return null at the end of the stream
     * @throws java.nio.file.FileSystemException if the file cannot be stored
     * @throws IOException if something else than a file is next, which stays for its reader; if the file is not what the
     *     sender says; or if the connection broke or is closed
     * @throws InterruptedException if interrupted; before a file began nothing is lost
     */
    public @Nullable ReceivedFile receiveFile(FileTarget target) throws IOException, InterruptedException {
        refuseEventLoop("receiveFile", "receiveFileAsync");
        return FileReceiver.receive(this, target.landing());
    }

    /**
     * As {@link #receiveFile(FileTarget)}, without waiting. Takes its place among the readers at the call; the file is
     * written on the executor. Cancelling is as an interrupt, and so is whatever else completes the future from outside, as
     * {@link CompletableFuture#orTimeout} does.
     */
    public CompletableFuture<@Nullable ReceivedFile> receiveFileAsync(FileTarget target) {
        return FileReceiver.receiveAsync(this, target.landing());
    }

    @Override
    public CompletableFuture<Void> drainAsync() {
        return outbox.drainAsync();
    }

    @Override
    public void drain(Duration deadline) throws IOException, InterruptedException, TimeoutException {
        refuseEventLoop("drain", "drainAsync");
        Waiting.get(drainAsync(), deadline);
    }

    void refuseEventLoop(String method, String instead) {
        outbox.refuseOwnThread(method, instead);
    }

    private void requireOpen() throws IOException {
        if (!isOpen()) {
            throw closing.failure();
        }
    }

    /** Closes with {@link CloseReason#NORMAL}, as {@link #closeAsync(int, String)}. */
    public CompletableFuture<Void> closeAsync() {
        return closeAsync(CloseReason.NORMAL, "");
    }

    /**
     * Closes the connection: sends what is queued, tells the peer why if the handshake was {@link Handshake#VERSION_2} or
     * the connection is a WebSocket, and waits for the peer's end no longer than the drain time-out. What has arrived
     * and was not read is dropped. A second close changes nothing.
     *
     * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999
     * @param reason for people; cut to 123 bytes of UTF-8
     * @return completes when the connection has ended; fails with an {@link IOException} if it was this side that closed, and
     *     the peer did not take what was queued
     * @throws IllegalArgumentException if the code is one that may not be sent
     */
    public CompletableFuture<Void> closeAsync(int code, String reason) {
        CloseReason toSend = CloseReason.toSend(code, requireNonNull(reason, "reason"));
        closing.start(toSend);
        return closing.delivered().copy();
    }

    /**
     * Closes as {@link #closeAsync()} does and waits for the end, except on an event loop. An interrupt ends the wait, not
     * the closing.
     *
     * @throws IOException if the peer did not take what was queued
     */
    @Override
    public void close() throws IOException {
        CompletableFuture<Void> end = closeAsync();
        if (!Loops.inEventLoop(channel)) {
            Waiting.awaitClose(end);
        }
    }

    /** Why the connection ended; empty while it is open. The reason that came first stays. */
    public Optional<CloseReason> closeReason() {
        return Optional.ofNullable(closing.reason());
    }

    /** Completes when the connection has ended. Frames that have arrived before can still be read afterwards. */
    public CompletableFuture<CloseReason> closed() {
        return closing.closed().copy();
    }

    /** False as soon as either side has begun to close, the peer's close being noticed where it is read. */
    public boolean isOpen() {
        return closing.isOpen();
    }

    /** Address of the peer; on a Unix socket it says little. */
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** The id of the key that both ends have proved. */
    public String keyId() {
        return agreement.keyId();
    }

    /** How the two ends have authenticated each other. */
    public Handshake handshake() {
        return agreement.handshake();
    }

    /** Longest payload that the peer takes, in bytes. */
    public long maxPayload() {
        return agreement.maxPayload();
    }

    /** Who is at the other end, if it is a Unix socket and the transport is native. */
    public Optional<PeerCredentials> peerCredentials() {
        return peer;
    }

    /** What has passed so far, and what waits. */
    public Stats stats() {
        return new Stats(
                tally.frames(),
                outbox.frames(),
                tally.bytes(),
                outbox.bytes(),
                inlet.inbox().bufferedBytes(),
                outbox.queuedBytes());
    }

    /**
     * Counters and gauges of a connection.
     *
     * @param framesIn frames given to readers
     * @param framesOut frames handed to the kernel, signs of life included
     * @param bytesIn bytes of frames that arrived, with headers
     * @param bytesOut bytes of frames handed to the kernel, with headers
     * @param unreadBytes bytes that have arrived and wait for a reader
     * @param queuedBytes bytes that wait to be sent
     */
    public record Stats(
            long framesIn, long framesOut, long bytesIn, long bytesOut, long unreadBytes, long queuedBytes) {}

    @Override
    public String toString() {
        CloseReason reason = closing.reason();
        return "Connection[" + remoteAddress + ", key " + keyId() + ", " + (reason == null ? "open" : reason) + ", "
                + outbox.queuedBytes() + " bytes queued]";
    }

    // for files, requests and groups

    Agreement agreement() {
        return agreement;
    }

    FrameOutbox outbox() {
        return outbox;
    }

    Inlet inlet() {
        return inlet;
    }

    Closing closing() {
        return closing;
    }

    Tally tally() {
        return tally;
    }

    Channel channel() {
        return channel;
    }

    /** A buffer that begins with the header of a frame and has room for so much of its payload. */
    ByteBuf frame(int kind, long payload, int room) {
        ByteBuf frame = channel.alloc().directBuffer(agreement.outbound().maxHeaderBytes() + room);
        agreement.outbound().writeHeader(frame, kind, payload);
        return frame;
    }

    /** How many files wait for their turn, or leave, without a thread of the caller. */
    AtomicInteger filesToSend() {
        return filesToSend;
    }

    /** Where handlers and file work run: threads that may block. */
    Executor executor() {
        return executor;
    }

    /** Whether frames have kinds: after {@link Handshake#VERSION_2}. */
    boolean typed() {
        return agreement.handshake() == Handshake.VERSION_2;
    }
}
