package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/** The elements that were found in a message, and their keys. Used again for the next message. */
final class Found {
    private static final int FIRST_ROOM = 16;

    private int[] ranges = new int[2 * FIRST_ROOM];
    private int[] keyEnds = new int[FIRST_ROOM];
    private String[] keys = new String[FIRST_ROOM];
    private int size;
    private int keyCount;

    void clear() {
        Arrays.fill(keys, 0, keyCount, null);
        size = 0;
        keyCount = 0;
    }

    /** A key of the element that is added next. */
    void addKey(String key) {
        requireNonNull(key, "key");
        for (int i = firstKey(size); i < keyCount; i++) {
            if (keys[i].equals(key)) {
                return;
            }
        }
        if (keyCount == keys.length) {
            keys = Arrays.copyOf(keys, 2 * keyCount);
        }
        keys[keyCount++] = key;
    }

    /** An element; one without a key is left out. */
    void add(int from, int to) {
        if (keyCount == (size == 0 ? 0 : keyEnds[size - 1])) {
            return;
        }
        if (size == keyEnds.length) {
            keyEnds = Arrays.copyOf(keyEnds, 2 * size);
            ranges = Arrays.copyOf(ranges, 4 * size);
        }
        ranges[2 * size] = from;
        ranges[2 * size + 1] = to;
        keyEnds[size++] = keyCount;
    }

    int size() {
        return size;
    }

    int from(int element) {
        return ranges[2 * element];
    }

    int to(int element) {
        return ranges[2 * element + 1];
    }

    /** The keys of an element are from {@link #firstKey} to before the first of the next. */
    int firstKey(int element) {
        return element == 0 ? 0 : keyEnds[element - 1];
    }

    String key(int index) {
        return keys[index];
    }
}
