package io.mutil.wproxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the messages that come from the upstream.
 *
 * <p>A batch ends when the loop of the upstream has read what there was, or at 256 KiB. Messages come one at a time; the lock
 * keeps them apart from the end of a batch.
 */
final class Intake {
    private static final Logger LOGGER = System.getLogger(Intake.class.getName());
    private static final int LARGEST_BATCH = 256 << 10;
    private static final int ROOM = 64 << 10;

    private final KeyExtractor extractor;
    private final Ledger ledger;
    private final @Nullable History history;
    private final ByteBufAllocator allocator;
    private final Executor loop;
    private final Consumer<Batch> outlet;
    private final Seldom warnings;
    private final Runnable flush = this::flush;

    private final ReentrantLock lock = new ReentrantLock();
    private final Found found = new Found();
    private byte[] room = new byte[ROOM];
    private int used;
    private boolean collecting;
    private long batchBytes;
    private int lastBatchBytes = 1 << 10;
    private @Nullable Key everything;
    private @Nullable Messages wholes;
    private long firstOffset;
    private @Nullable Messages elements;
    private Batch.Mentions mentions = new Batch.Mentions();

    private volatile long messages;
    private volatile long bytes;
    private volatile long illegible;

    /**
     * @param outlet where finished batches go; must not block
     * @param loop runs the end of a batch behind what it is at
     * @param history of what was found, if one is kept
     * @param nanos the time
     */
    Intake(
            KeyExtractor extractor,
            Ledger ledger,
            @Nullable History history,
            ByteBufAllocator allocator,
            Executor loop,
            LongSupplier nanos,
            Consumer<Batch> outlet) {
        this.extractor = extractor;
        this.ledger = ledger;
        this.history = history;
        this.allocator = allocator;
        this.loop = loop;
        this.warnings = new Seldom(nanos);
        this.outlet = outlet;
    }

    /** Takes a message; its bytes are copied. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void message(boolean text, ByteBuf payload) {
        lock.lock();
        try {
            messages++;
            bytes += payload.readableBytes();
            int from = copy(payload);
            Key key = ledger.everything();
            if (key != everything) {
                // a batch has all of its messages as wholes or none, so that nobody falls in between
                end();
                everything = key;
            }
            if (key != null) {
                addWhole(key, text, from);
            }
            if (ledger.hasNames()) {
                addElements(text, from);
            }
            endOrGoOn();
        } finally {
            lock.unlock();
        }
    }

    /** The bytes stay where they are put, for as long as somebody refers to them. */
    private int copy(ByteBuf payload) {
        int length = payload.readableBytes();
        if (room.length - used < length) {
            room = new byte[Math.max(ROOM, length)];
            used = 0;
        }
        payload.getBytes(payload.readerIndex(), room, used, length);
        used += length;
        return used - length;
    }

    private void addWhole(Key key, boolean text, int from) {
        Messages to = wholes;
        if (to == null) {
            to = new Messages(allocator, lastBatchBytes);
            wholes = to;
        }
        long offset = key.nextOffset();
        ledger.reached(offset);
        int index = to.add(text, room, from, used);
        if (index == 0) {
            firstOffset = offset;
        }
        if (history != null) {
            history.add(key, offset, to.copy(index));
        }
        batchBytes += used - from;
    }

    private void addElements(boolean text, int from) {
        try {
            extractor.find(room, from, used, found);
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
                throw e;
            }
            illegible(e);
        }
        for (int i = 0; i < found.size(); i++) {
            addElement(text, i);
        }
    }

    private void addElement(boolean text, int element) {
        int index = -1;
        int endOfKeys = found.firstKey(element + 1);
        for (int i = found.firstKey(element); i < endOfKeys; i++) {
            Key key = ledger.get(found.key(i));
            if (key != null) {
                index = index < 0 ? add(text, element) : index;
                mention(key, index);
            }
        }
    }

    private int add(boolean text, int element) {
        Messages to = elements;
        if (to == null) {
            to = new Messages(allocator, lastBatchBytes);
            elements = to;
        }
        batchBytes += found.to(element) - found.from(element);
        return to.add(text, room, found.from(element), found.to(element));
    }

    private void mention(Key key, int index) {
        long offset = key.nextOffset();
        ledger.reached(offset);
        mentions.add(key, index, offset);
        if (history != null && elements != null) {
            history.add(key, offset, elements.copy(index));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void illegible(Throwable e) {
        long soFar = ++illegible;
        // a service can send much of this
        LOGGER.log(
                warnings.isDue() ? Level.WARNING : Level.DEBUG,
                () -> "a message of the upstream, number " + soFar + " of this kind, has no keys that "
                        + extractor.description() + " could find; only subscribers to everything get it: " + kind(e));
    }

    /** What is missing on the class path is worth telling; what else an exception says may be of the message. */
    private static String kind(Throwable e) {
        if (e instanceof FieldScanner.NotJsonException) {
            return "it is no JSON, or nested too deep";
        }
        return e instanceof LinkageError ? Shown.of(e.toString()) : e.getClass().getName();
    }

    private void endOrGoOn() {
        if (batchBytes >= LARGEST_BATCH) {
            end();
        } else if (!collecting && (wholes != null || elements != null)) {
            collecting = true;
            loop.execute(flush);
        }
    }

    private void flush() {
        lock.lock();
        try {
            collecting = false;
            end();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        if (wholes == null && elements == null) {
            return;
        }
        var batch = new Batch(wholes, wholes == null ? null : everything, firstOffset, elements, mentions, batchBytes);
        lastBatchBytes = (int) Math.min(LARGEST_BATCH, Math.max(1 << 10, batchBytes + batchBytes / 4));
        batchBytes = 0;
        wholes = null;
        elements = null;
        mentions = new Batch.Mentions();
        outlet.accept(batch);
    }

    /** Notes, for all keys, that messages may be missing that nobody can count, behind what has come so far. */
    void breakOff(Consumer<List<Gap>> gaps) {
        lock.lock();
        try {
            end();
            var all = new ArrayList<Gap>();
            for (Key key : ledger.keys()) {
                all.add(gap(key, Notices.UNKNOWN));
            }
            publish(all, gaps);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The upstream has left something out, behind what has come so far.
     *
     * @param name null for messages without key
     */
    void gap(@Nullable String name, long missed, Consumer<List<Gap>> gaps) {
        lock.lock();
        try {
            end();
            var all = new ArrayList<Gap>();
            Key own = name == null ? ledger.everything() : ledger.get(name);
            if (own != null) {
                all.add(gap(own, missed));
            }
            // what is missing of one key is missing for those who want everything, and the other way round
            for (Key key : name == null ? ledger.keys() : ledger.everythingIfKnown()) {
                if (key != own) {
                    all.add(gap(key, Notices.UNKNOWN));
                }
            }
            publish(all, gaps);
        } finally {
            lock.unlock();
        }
    }

    /** A loss that nobody can count has an offset of its own. */
    private Gap gap(Key key, long missed) {
        long offset = key.skip(missed == Notices.UNKNOWN ? 1 : missed);
        ledger.reached(offset);
        return new Gap(key, missed, offset, ledger.everything());
    }

    private static void publish(List<Gap> all, Consumer<List<Gap>> gaps) {
        if (!all.isEmpty()) {
            gaps.accept(all);
        }
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** Messages in which no keys could be looked for. */
    long illegible() {
        return illegible;
    }
}
