package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The side of the parent of a worker in a child process: sends it the items of the inbox, and its results on.
 *
 * <p>Waits without a thread, as a stalled task, while the child has as much as it may have, or is not there.
 */
final class ProcessTask<I, O> extends ReceiverTask<I> {
    /** How much may be under way to the worker and not answered. */
    static final int MAX_BYTES = 1 << 20;

    /** How long one item may be. */
    private static final int MAX_ITEM = 16 << 20;

    private static final int FLUSH_AT = 64 << 10;
    private static final int LEAST_BATCH = 256;

    private final WorkerLevel<I, O> level;
    private final int index;
    private final int place;
    private final Processes<I, O> processes;
    private final Sender<O> sender;
    private final Failures<I> failures;
    private final LongAdder restarts = new LongAdder();

    // from other threads
    /** What has come from children, their beginnings and their ends, in the order in which it happened. */
    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean stalled = new AtomicBoolean();

    // of whoever runs this task
    private final UnderWay<I> underWay = new UnderWay<>();
    private ChildHost.@Nullable Life life;
    private @Nullable ByteBuf batch;
    private int lastBatchBytes = LEAST_BATCH;
    private boolean hadLife;
    private boolean endSent;
    private boolean ended;

    /** @param place in the child */
    ProcessTask(
            FlowContext context,
            Stage stage,
            WorkerLevel<I, O> level,
            int index,
            int place,
            Sender<O> sender,
            Failures<I> failures) {
        // not on the executor: all its threads may wait for a task whose results come behind those for this one
        super(context, context.spare(), level.edge(), stage);
        this.level = level;
        this.index = index;
        this.place = place;
        this.processes = level.processes().orElseThrow();
        this.sender = sender;
        this.failures = failures;
    }

    /** A child is there for this worker. */
    void isUp(ChildHost.Life next) {
        happened(() -> begin(next));
    }

    /** It is there no more; what comes from it now is too late. */
    void isDown(ChildHost.Life last) {
        happened(() -> {
            if (life == last) {
                begin(null);
            }
        });
    }

    /** Results came from it. */
    void arrived(ChildHost.Life from, ByteBuffer results) {
        happened(() -> {
            if (life == from) {
                deliver(results);
                from.readNext();
            }
        });
    }

    /** It has processed its last item. */
    void hasEnded(ChildHost.Life from) {
        happened(() -> {
            if (life == from) {
                ended = true;
                from.readNext();
            }
        });
    }

    private void happened(Runnable event) {
        events.add(event);
        wake();
    }

    private void wake() {
        if (stalled.compareAndSet(true, false)) {
            resumeLater();
        } else {
            signal();
        }
    }

    private void resumeLater() {
        try {
            context().spare().execute(this::resume);
        } catch (Throwable e) {
            failed(e);
        }
    }

    @Override
    long restarts() {
        return restarts.sum();
    }

    @Override
    boolean isDue() {
        return !events.isEmpty();
    }

    @Override
    boolean canTake() {
        return proceed(false);
    }

    @Override
    boolean endTurn(boolean last) {
        flush();
        return proceed(last);
    }

    /**
     * Does what there is to do, until items can be taken, or, after the last, the worker has ended. The last thing that a
     * turn does if it is false: the task may go on, on another thread, before this returns.
     */
    private boolean proceed(boolean last) {
        while (true) {
            look();
            if (context().isAborted() || (last ? hasEnded() : hasRoom())) {
                return true;
            }
            stalled.set(true);
            if (!(isDue() || context().isAborted()) || !stalled.compareAndSet(true, false)) {
                return false;
            }
        }
    }

    private boolean hasRoom() {
        return life != null && underWay.hasRoom();
    }

    private boolean hasEnded() {
        if (life != null && !endSent) {
            endSent = true;
            life.send(Unpooled.buffer(1 + Integer.BYTES).writeByte(Entry.END).writeInt(place));
        }
        return ended;
    }

    /** Deals with what has come from the child, and with its end and beginning. */
    private void look() {
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            event.run();
        }
    }

    private void begin(ChildHost.@Nullable Life next) {
        loseWhatIsUnderWay();
        if (next != null && hadLife) {
            restarts.increment();
        }
        hadLife |= next != null;
        life = next;
        endSent = false;
    }

    private void loseWhatIsUnderWay() {
        context().countLost(underWay.clear());
        if (batch != null) {
            batch.release();
            batch = null;
        }
    }

    @Override
    boolean take(I item) {
        ByteBuf into = batch;
        if (into == null) {
            into = PooledByteBufAllocator.DEFAULT.directBuffer(lastBatchBytes);
            into.writeByte(Entry.ITEMS).writeInt(place);
            batch = into;
        }
        int before = into.writerIndex();
        try {
            into.writeInt(0);
            processes.in().encode(item, into);
            int bytes = into.writerIndex() - before - Integer.BYTES;
            requireFits(bytes);
            into.setInt(before, bytes);
            underWay.add(item, bytes);
        } catch (Throwable e) {
            into.writerIndex(before);
            failures.add(item, e);
        }
        if (into.readableBytes() >= FLUSH_AT) {
            flush();
        }
        return underWay.hasRoom();
    }

    /** Fails for an item that does not fit into a frame. */
    static void requireFits(int bytes) {
        if (bytes > MAX_ITEM) {
            throw new IllegalArgumentException("item of " + bytes + " bytes exceeds the " + MAX_ITEM
                    + " that may travel between processes; let it travel in parts");
        }
    }

    private void flush() {
        ByteBuf full = batch;
        batch = null;
        if (full == null) {
            return;
        }
        lastBatchBytes = Math.max(LEAST_BATCH, full.readableBytes());
        if (life != null && full.readableBytes() > 1 + Integer.BYTES) {
            life.send(full);
        } else {
            full.release();
        }
    }

    private void deliver(ByteBuffer results) {
        ByteBuf entries = Unpooled.wrappedBuffer(results);
        while (entries.isReadable()) {
            byte entry = entries.readByte();
            switch (entry) {
                case Entry.DONE -> underWay.remove();
                case Entry.FAILED -> failures.add(underWay.remove(), remote(entries));
                case Entry.FAULT -> failures.add(remote(entries));
                case Entry.RESTARTED -> restarts.increment();
                case Entry.STOP -> stop(text(entries));
                default -> send(entry, entries);
            }
        }
    }

    private void send(byte entry, ByteBuf entries) {
        int argument = entries.readInt();
        ByteBuf bytes = entries.readSlice(entries.readInt());
        try {
            O item = processes.out().decode(bytes);
            switch (entry) {
                case Entry.SEND -> sender.send(item);
                case Entry.TO_ALL -> sender.toAll(item);
                case Entry.BY_KEY -> sender.byKey(argument, item);
                case Entry.ROUND_ROBIN -> sender.roundRobin(item);
                case Entry.TO_INDEX -> sender.toIndex(argument, item);
                default -> throw new IllegalStateException("unknown entry " + entry);
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private void stop(String why) {
        context()
                .fail(new IllegalStateException(
                        "worker " + index + " of '" + level.name() + "' failed and ends the topology, since " + why));
    }

    private static Throwable remote(ByteBuf entries) {
        return new IllegalStateException("in a child process: " + text(entries));
    }

    private static String text(ByteBuf entries) {
        return entries.readCharSequence(entries.readInt(), UTF_8).toString();
    }

    @Override
    void aborted() {
        wake();
    }

    @Override
    void finished() {
        loseWhatIsUnderWay();
    }
}
