package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client of a contestant, which checks that every message of its own came once and in order. Its work is part of what is
 * measured, so it makes no objects for what it receives. The event loop calls it; other threads read its counters.
 */
final class Subscriber extends SimpleChannelInboundHandler<ByteBuf> {
    private static final byte[] NOTHING = {};

    private final Subscription subscription;
    private final Meter meter;
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private final AtomicLong last;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong probes = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private volatile boolean ended;

    // the rest is the event loop's
    private byte[] kept = NOTHING;
    private boolean upgraded;
    private long sequence;
    private long count;

    Subscriber(Subscription subscription, Meter meter) {
        this.subscription = subscription;
        this.meter = meter;
        sequence = subscription.beforeFirst();
        last = new AtomicLong(sequence);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Upgrade.request(ctx, subscription.path());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf read) throws IOException {
        int to = kept.length + read.readableBytes();
        byte[] bytes = meter.scratch(to);
        System.arraycopy(kept, 0, bytes, 0, kept.length);
        read.readBytes(bytes, kept.length, to - kept.length);
        int from = upgraded ? 0 : upgrade(ctx, bytes, to);
        if (upgraded) {
            from = FrameCutter.cut(bytes, from, to, new Messages(ctx, Tick.now()));
            last.setRelease(sequence);
            received.setRelease(count);
        }
        kept = from == to ? NOTHING : Arrays.copyOfRange(bytes, from, to);
    }

    private int upgrade(ChannelHandlerContext ctx, byte[] bytes, int to) throws IOException {
        int end = Upgrade.end(bytes, to);
        if (end > 0) {
            upgraded = true;
            subscribe(ctx);
        }
        return end;
    }

    private void subscribe(ChannelHandlerContext ctx) {
        if (subscription.request().isEmpty()) {
            subscribed.complete(null);
            return;
        }
        byte[] request = subscription.request().getBytes(US_ASCII);
        ByteBuf frame = ctx.alloc().buffer();
        Frames.textHeader(frame, request.length, true);
        var unused = ctx.writeAndFlush(frame.writeBytes(request), ctx.voidPromise());
    }

    /** One for each read, not for each message. */
    private final class Messages implements FrameCutter.Sink {
        private final ChannelHandlerContext ctx;
        private final long now;

        Messages(ChannelHandlerContext ctx, long now) {
            this.ctx = ctx;
            this.now = now;
        }

        @Override
        public void message(byte[] bytes, int from, int length) {
            if (bytes[from] == '[') {
                for (int at = from + 1; at < from + length; at += Tick.BYTES + 1) {
                    tick(bytes, at);
                }
            } else if (Tick.isAt(bytes, from)) {
                tick(bytes, from);
            } else {
                subscribed.complete(null);
            }
        }

        private void tick(byte[] bytes, int at) {
            long number = Tick.sequenceAt(bytes, at);
            if (number == 0) {
                probes.incrementAndGet();
                return;
            }
            if (number != sequence + subscription.step()) {
                faults.incrementAndGet();
            }
            sequence = number;
            count++;
            if (meter.measures(number)) {
                meter.add(now - Tick.timeAt(bytes, at));
            }
        }

        @Override
        public void ping(byte[] bytes, int from, int length) {
            ByteBuf frame = ctx.alloc().buffer();
            Frames.pong(frame, bytes, from, length);
            var unused = ctx.writeAndFlush(frame, ctx.voidPromise());
        }

        @Override
        public void end(int firstByte) {
            var unused = ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        subscribed.completeExceptionally(new IOException("a contestant closed a client that was subscribing"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        subscribed.completeExceptionally(cause);
        var unused = ctx.close();
    }

    /** Completes when the answer has come. */
    CompletableFuture<Void> subscribed() {
        return subscribed;
    }

    /** Messages received, probes not counted. */
    long received() {
        return received.getAcquire();
    }

    long probes() {
        return probes.get();
    }

    void forgetProbes() {
        probes.set(0);
    }

    /** Messages that did not follow the one before. */
    long faults() {
        return faults.get();
    }

    boolean hasEnded() {
        return ended;
    }

    /** How many of its messages have not come of those up to this one, the last of all that were sent. */
    long missing(long lastSent) {
        return Math.max(0, (lastSent - subscription.beforeFirst()) / subscription.step() - received());
    }

    /** The last sequence number of any key before the next that this one should get. */
    long complete() {
        return last.getAcquire() + subscription.step() - 1;
    }
}
