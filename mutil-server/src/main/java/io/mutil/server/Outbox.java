package io.mutil.server;

import io.mutil.codec.QueueFullException;
import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sending half of a {@link WebSocket}: admits messages, writes them, and accounts for them until they have left. */
final class Outbox {
    private static final int MASK_BYTES = 4;

    private final WebSocket socket;
    private final Channel channel;
    private final ChannelHandlerContext rawWrites;
    private final boolean client;
    private final Overflow overflow;
    private final Counters counters;
    private final WriteStall stall;
    private final OutboundQueue queue;
    private final AtomicLong lost = new AtomicLong();

    /** @param rawWrites where frames that need no encoder enter the pipeline */
    Outbox(
            WebSocket socket,
            ChannelHandlerContext rawWrites,
            boolean client,
            Settings settings,
            Counters counters,
            WriteStall stall) {
        this.socket = socket;
        this.channel = rawWrites.channel();
        this.rawWrites = rawWrites;
        this.client = client;
        this.overflow = settings.overflow();
        this.counters = counters;
        this.stall = stall;
        this.queue = new OutboundQueue(settings.link().outboundQueueBytes());
    }

    CompletableFuture<Void> submit(CharSequence text) {
        int bytes = ByteBufUtil.utf8Bytes(text);
        return submit(bytes, () -> textFrame(text));
    }

    CompletableFuture<Void> submit(ByteBuffer bytes) {
        return submit(bytes.remaining(), () -> binaryFrame(bytes));
    }

    CompletableFuture<Void> submit(PreparedMessage message) {
        var sent = new CompletableFuture<Void>();
        if (admit(1, frameBytes(message.payloadBytes()))) {
            write(message, sent);
            channel.flush();
        } else {
            sent.completeExceptionally(refusal(message.payloadBytes()));
        }
        return sent;
    }

    private CompletableFuture<Void> submit(int payloadBytes, Supplier<WebSocketFrame> frame) {
        var sent = new CompletableFuture<Void>();
        if (admit(1, frameBytes(payloadBytes))) {
            writeAndFlush(payloadBytes, frame, sent);
        } else {
            sent.completeExceptionally(refusal(payloadBytes));
        }
        return sent;
    }

    private WebSocketFrame textFrame(CharSequence text) {
        return new TextWebSocketFrame(ByteBufUtil.writeUtf8(channel.alloc(), text));
    }

    private WebSocketFrame binaryFrame(ByteBuffer bytes) {
        ByteBuf payload = channel.alloc().buffer(bytes.remaining());
        return new BinaryWebSocketFrame(payload.writeBytes(bytes.duplicate()));
    }

    private void writeAndFlush(int payloadBytes, Supplier<WebSocketFrame> frame, CompletableFuture<Void> sent) {
        WebSocketFrame encoded = madeOf(frameBytes(payloadBytes), frame);
        write(encoded, new Delivery(this, channel, payloadBytes, sent), (f, p) -> channel.writeAndFlush(f, p));
    }

    /** Makes what was admitted; if that fails, as with a message that was released, nothing was. */
    private <T> T madeOf(long admittedBytes, Supplier<T> message) {
        try {
            return message.get();
        } catch (Throwable e) {
            if (queue.remove(admittedBytes)) {
                signalRoom();
            }
            throw e;
        }
    }

    static void write(
            ReferenceCounted frame, ChannelPromise delivery, BiFunction<Object, ChannelPromise, ChannelFuture> write) {
        try {
            var unused = write.apply(frame, delivery);
        } catch (RejectedExecutionException e) {
            // the loop has ended meanwhile; only if this message fills the channel's buffer Netty throws, and forgets
            // both
            frame.release();
            delivery.tryFailure(e);
        }
    }

    void send(CharSequence text) throws IOException, InterruptedException {
        int bytes = ByteBufUtil.utf8Bytes(text);
        send(bytes, () -> textFrame(text));
    }

    void send(ByteBuffer bytes) throws IOException, InterruptedException {
        send(bytes.remaining(), () -> binaryFrame(bytes));
    }

    private void send(int payloadBytes, Supplier<WebSocketFrame> frame) throws IOException, InterruptedException {
        awaitRoom(frameBytes(payloadBytes));
        var sent = new CompletableFuture<Void>();
        writeAndFlush(payloadBytes, frame, sent);
        Waiting.get(sent);
    }

    private void awaitRoom(long bytes) throws IOException, InterruptedException {
        while (true) {
            // taken before anything is looked at, so that neither room nor a close is missed
            CompletableFuture<Void> room = queue.room();
            if (!socket.isOpen()) {
                throw socket.closedFailure(null);
            }
            if (queue.tryAdd(bytes)) {
                return;
            }
            if (queue.refused(bytes)) {
                signalRoom();
            }
            Waiting.get(room);
        }
    }

    boolean offer(PreparedMessage message) {
        if (!admit(1, frameBytes(message.payloadBytes()))) {
            return false;
        }
        write(message, null);
        return true;
    }

    boolean offer(PreparedBatch batch, int from, int to) {
        Objects.checkFromToIndex(from, to, batch.size());
        int messages = to - from;
        if (messages == 0) {
            return socket.isOpen();
        }
        batch.endAdding();
        long bytes = batch.frameBytes(from, to) + (client ? (long) messages * MASK_BYTES : 0);
        if (!admit(messages, bytes)) {
            return false;
        }
        if (client) {
            writeEach(batch, from, to, bytes);
        } else {
            writeRun(batch, from, to);
        }
        return true;
    }

    private void writeRun(PreparedBatch batch, int from, int to) {
        int bytes = batch.frameBytes(from, to);
        ByteBuf run = madeOf(bytes, () -> batch.retainedRun(from, to));
        var delivery = new RunDelivery(this, channel, to - from, batch.payloadBytes(from, to), bytes);
        write(run, delivery, (f, p) -> rawWrites.write(f, p));
    }

    private void writeEach(PreparedBatch batch, int from, int to, long bytes) {
        // so that they are there to the last
        PreparedBatch held = madeOf(bytes, batch::retain);
        try {
            for (int i = from; i < to; i++) {
                var delivery = new Delivery(this, channel, held.payloadBytes(i), null);
                write(maskable(held.isText(i), held.retainedPayload(i)), delivery, (f, p) -> channel.write(f, p));
            }
        } finally {
            held.release();
        }
    }

    private void write(PreparedMessage message, @Nullable CompletableFuture<Void> sent) {
        int payload = message.payloadBytes();
        ByteBuf bytes = madeOf(frameBytes(payload), client ? message::retainedPayload : message::retainedFrame);
        var delivery = new Delivery(this, channel, payload, sent);
        if (client) {
            write(maskable(message.isText(), bytes), delivery, (f, p) -> channel.write(f, p));
        } else {
            write(bytes, delivery, (f, p) -> rawWrites.write(f, p));
        }
    }

    private static WebSocketFrame maskable(boolean text, ByteBuf payload) {
        return text ? new TextWebSocketFrame(payload) : new BinaryWebSocketFrame(payload);
    }

    void flush() {
        rawWrites.flush();
    }

    CompletableFuture<Void> drainAsync() {
        var drained = new CompletableFuture<Void>();
        try {
            // a task in any case: behind what other threads have written before
            channel.eventLoop().execute(() -> drain(drained));
        } catch (RejectedExecutionException e) {
            completeDrain(drained, null);
        }
        return drained;
    }

    /** What leaves leaves in order, so whoever waits for all of it waits for the last. */
    private void drain(CompletableFuture<Void> drained) {
        flush();
        ChannelFuture last = stall.last();
        if (last == null) {
            completeDrain(drained, null);
        } else {
            last.addListener(f -> completeDrain(drained, f.cause()));
        }
    }

    private void completeDrain(CompletableFuture<Void> drained, @Nullable Throwable failure) {
        // what was written behind the end of the channel was not the last of anything
        if (failure == null && (channel.isActive() || lost.get() == 0)) {
            drained.complete(null);
        } else {
            drained.completeExceptionally(socket.closedFailure(failure));
        }
    }

    /** Decides at the call whether so many messages are queued, with so many bytes of frames. */
    private boolean admit(int messages, long bytes) {
        if (!socket.isOpen()) {
            return false;
        }
        if (queue.tryAdd(bytes)) {
            return true;
        }
        counters.rejectedMessages.add(messages);
        if (overflow == Overflow.CLOSE) {
            socket.closeSlow();
        } else if (queue.refused(bytes)) {
            signalRoom();
        }
        return false;
    }

    long frameBytes(int payloadBytes) {
        return PreparedMessage.headerBytes(payloadBytes) + (client ? MASK_BYTES : 0) + (long) payloadBytes;
    }

    private IOException refusal(int payloadBytes) {
        return socket.isOpen() || socket.isClosedSlow()
                ? new QueueFullException(frameBytes(payloadBytes), queue.queued(), queue.capacity())
                : socket.closedFailure(null);
    }

    /** Queued messages have left, or never will. */
    void delivered(
            int messages,
            int payloadBytes,
            long frameBytes,
            @Nullable CompletableFuture<Void> sent,
            @Nullable Throwable failure) {
        if (failure == null) {
            stall.written();
            counters.messagesOut.add(messages);
            counters.bytesOut.add(payloadBytes);
        } else {
            lost.addAndGet(messages);
        }
        if (queue.remove(frameBytes)) {
            signalRoom();
        }
        if (sent == null) {
            return;
        }
        if (failure == null) {
            sent.complete(null);
        } else {
            sent.completeExceptionally(socket.closedFailure(failure));
        }
    }

    private void signalRoom() {
        queue.signal();
        socket.becameWritable();
    }

    /** Lets senders that wait for room see that the connection closes. */
    void wake() {
        queue.signal();
    }

    boolean hasRoom() {
        return queue.hasRoom();
    }

    /** Messages that were queued and will never leave. */
    long lost() {
        return lost.get();
    }

    long queued() {
        return queue.queued();
    }
}
