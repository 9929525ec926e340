package io.mutil.bench.fanout;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends messages into a contestant, at most a window ahead of its slowest client that reads: some contestants queue without
 * bound, so all are held back alike. Used by one thread.
 */
final class Feed {
    private static final int MAX_BATCH = 256;
    private static final long PAUSE = MICROSECONDS.toNanos(50);
    private static final long BETWEEN_LOOKS = MILLISECONDS.toNanos(1);
    private static final long GRACE = MILLISECONDS.toNanos(200);
    private static final long GIVE_UP_AFTER = SECONDS.toNanos(5);

    private final Crowd crowd;
    private final Traffic traffic;
    private final int window;
    private final boolean masked;
    private final Tick tick = new Tick();
    private List<Channel> lines;
    private long sent;
    private long slowest;

    Feed(Inlet inlet, Crowd crowd, Traffic traffic, int window) throws IOException, InterruptedException {
        this.crowd = crowd;
        this.traffic = traffic;
        this.window = Math.max(window, traffic.array());
        masked = inlet.masked();
        lines = inlet.lines();
    }

    /** Sends into these from now on. */
    void reconnect(Inlet inlet) throws IOException, InterruptedException {
        lines = inlet.lines();
    }

    /** Sequence number of the last message. */
    long sent() {
        return sent;
    }

    /** Sends messages that count for nothing, again and again, until every client has got one. */
    void probe(Duration between) throws IOException {
        var patience = new Patience();
        long next = System.nanoTime();
        while (!crowd.isProbed()) {
            if (patience.isOver(crowd.probes())) {
                throw new IOException("a client that has subscribed gets no message");
            }
            if (System.nanoTime() - next >= 0) {
                probeOnce();
                next = System.nanoTime() + between.toNanos();
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    private void probeOnce() {
        int different = traffic.keyed() ? traffic.keys() : 1;
        for (int key = 0; key < different; key++) {
            Channel line = lines.get(key % lines.size());
            ByteBuf frame = line.alloc().directBuffer(2 * Tick.BYTES);
            Frames.textHeader(frame, Tick.BYTES, masked);
            tick.write(frame, key, 0, Tick.now());
            var unused = line.writeAndFlush(frame, line.voidPromise());
        }
    }

    /** Sends for so long, as fast as the contestant takes it. */
    void flood(Duration duration) throws IOException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            int count = (int) Math.min(MAX_BATCH, room()) / traffic.array();
            if (count == 0) {
                pause();
            } else {
                send(count, Tick.now(), 0);
            }
        }
    }

    /**
     * Sends for so long, each frame when it is due or as soon after as there is room.
     *
     * @return how many messages were due and not sent
     */
    long pace(Duration duration, double perSecond) throws IOException {
        double period = SECONDS.toNanos(1) * traffic.array() / perSecond;
        long frames = (long) (duration.toNanos() / period);
        long start = Tick.now();
        long done = 0;
        while (done < frames && Tick.now() - start < duration.toNanos() + GRACE) {
            long due = Math.min(frames, (long) ((Tick.now() - start) / period) + 1);
            int count = (int) Math.min(due - done, Math.min(MAX_BATCH, room()) / traffic.array());
            if (count == 0) {
                pauseUntil(start + (long) (done * period));
            } else {
                send(count, start + (long) (done * period), period);
                done += count;
            }
        }
        return (frames - done) * traffic.array();
    }

    /** How many messages may be sent now. */
    private long room() throws IOException {
        if (!areWritable()) {
            return 0;
        }
        if (sent - slowest >= window / 2 && crowd.hasAll(slowest + 1)) {
            slowest = crowd.slowest();
        }
        return window - (sent - slowest);
    }

    private boolean areWritable() throws IOException {
        for (Channel line : lines) {
            if (!line.isActive()) {
                throw new IOException("the contestant has closed the connection that messages come from");
            }
            if (!line.isWritable()) {
                return false;
            }
        }
        return true;
    }

    private void send(int frames, long firstDue, double period) {
        int each = frames / lines.size() + 1;
        ByteBuf[] buffers = new ByteBuf[lines.size()];
        for (int i = 0; i < frames; i++) {
            int line = (int) ((sent + 1) % lines.size());
            if (buffers[line] == null) {
                buffers[line] = lines.get(line).alloc().directBuffer(each * frameBytes());
            }
            put(buffers[line], firstDue + (long) (i * period));
        }
        for (int line = 0; line < buffers.length; line++) {
            if (buffers[line] != null) {
                var unused = lines.get(line)
                        .writeAndFlush(buffers[line], lines.get(line).voidPromise());
            }
        }
    }

    private int frameBytes() {
        return 2 * Frames.SERVER_HEADER + traffic.array() * (Tick.BYTES + 1) + 1;
    }

    private void put(ByteBuf out, long due) {
        int array = traffic.array();
        Frames.textHeader(out, array == 1 ? Tick.BYTES : array * (Tick.BYTES + 1) + 1, masked);
        for (int i = 0; i < array; i++) {
            if (array > 1) {
                out.writeByte(i == 0 ? '[' : ',');
            }
            sent++;
            tick.write(out, (int) (sent % traffic.keys()), sent, due);
        }
        if (array > 1) {
            out.writeByte(']');
        }
    }

    /** Waits until all that was sent has arrived; false if nothing more comes for a long time. */
    boolean drain() {
        var patience = new Patience();
        while (!crowd.hasAll(sent)) {
            if (patience.isOver(crowd.received())) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
        return true;
    }

    /** Ends when a number has not changed for a long time. */
    private static final class Patience {
        private long known = -1;
        private long deadline;

        boolean isOver(long number) {
            long now = System.nanoTime();
            if (number != known) {
                known = number;
                deadline = now + GIVE_UP_AFTER;
            }
            return now > deadline;
        }
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE);
    }

    private static void pauseUntil(long due) {
        LockSupport.parkNanos(Math.max(PAUSE, due - Tick.now()));
    }
}
