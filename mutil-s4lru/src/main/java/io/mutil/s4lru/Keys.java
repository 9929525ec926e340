package io.mutil.s4lru;

/** What a key may be. */
final class Keys {
    /** Half a surrogate pair has no UTF-8, so the file could not hold it. */
    static void check(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isSurrogate(key.charAt(i))) {
                int point = key.codePointAt(i);
                if (!Character.isSupplementaryCodePoint(point)) {
                    throw new IllegalArgumentException("key has half a surrogate pair at " + i);
                }
                i++;
            }
        }
    }

    private Keys() {}
}
