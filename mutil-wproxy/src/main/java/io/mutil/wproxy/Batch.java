package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What came from the upstream in one go, ready for the event loops: whole messages for those who want everything, and the
 * elements of the messages with the keys that they have.
 */
final class Batch {
    private static final int FIRST_ROOM = 16;

    private final @Nullable Messages wholes;
    private final @Nullable Key everything;
    private final long firstOffset;
    private final @Nullable Messages elements;
    private final Mentions mentions;
    private final AtomicInteger users = new AtomicInteger();
    private final long bytes;
    private List<Gap> gaps = List.of();
    private @Nullable Runnable onDone;

    /** Which element has which key: an element with several keys is mentioned several times, one after the other. */
    static final class Mentions {
        private Key[] keys = new Key[FIRST_ROOM];
        private int[] elements = new int[FIRST_ROOM];
        private long[] offsets = new long[FIRST_ROOM];
        private int size;

        void add(Key key, int element, long offset) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
                elements = Arrays.copyOf(elements, 2 * size);
                offsets = Arrays.copyOf(offsets, 2 * size);
            }
            keys[size] = key;
            elements[size] = element;
            offsets[size++] = offset;
        }

        int size() {
            return size;
        }

        /** The first that is of this element; mentions are in the order of the elements. */
        int firstOf(int element) {
            int found = Arrays.binarySearch(elements, 0, size, element);
            while (found > 0 && elements[found - 1] == element) {
                found--;
            }
            return found;
        }

        Key key(int mention) {
            return keys[mention];
        }

        int element(int mention) {
            return elements[mention];
        }

        /** Of this element for this key. */
        long offset(int mention) {
            return offsets[mention];
        }
    }

    /** Nothing but news of what is missing. */
    static Batch ofGaps(List<Gap> gaps) {
        var batch = new Batch(null, null, 0, null, new Mentions(), 0);
        batch.gaps = List.copyOf(gaps);
        return batch;
    }

    /**
     * @param everything the key that whole messages have; null if there are none
     * @param firstOffset of the first whole message
     * @param bytes of all messages in it
     */
    Batch(
            @Nullable Messages wholes,
            @Nullable Key everything,
            long firstOffset,
            @Nullable Messages elements,
            Mentions mentions,
            long bytes) {
        this.wholes = wholes;
        this.everything = everything;
        this.firstOffset = firstOffset;
        this.elements = elements;
        this.mentions = mentions;
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    /** All messages; null if nobody wanted everything when they came. */
    @Nullable
    Messages wholes() {
        return wholes;
    }

    /** The key that whole messages have; null if there are none. */
    @Nullable
    Key everything() {
        return everything;
    }

    long firstOffset() {
        return firstOffset;
    }

    /** Null if none has a key that somebody holds. */
    @Nullable
    Messages elements() {
        return elements;
    }

    /** Messages that are missing, behind all that is in batches before. */
    List<Gap> gaps() {
        return gaps;
    }

    Mentions mentions() {
        return mentions;
    }

    /**
     * Says how many loops will use it, before the first does.
     *
     * @param action when the last has left
     */
    void share(int count, Runnable action) {
        onDone = action;
        users.set(count);
        if (count == 0) {
            end();
        }
    }

    /** A loop needs it no more. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            end();
        }
    }

    private void end() {
        if (wholes != null) {
            wholes.release();
        }
        if (elements != null) {
            elements.release();
        }
        requireNonNull(onDone).run();
    }
}
