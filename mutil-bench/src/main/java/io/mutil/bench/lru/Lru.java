package io.mutil.bench.lru;

import java.io.IOException;

/** A contestant. */
interface Lru extends AutoCloseable {
    /** Uses a key; says whether it was there. A key that was not there is there afterwards, or not. */
    boolean touch(String key);

    /** Brings a new key in; another one goes if there are too many. */
    void add(String key);

    /** Touches a key that may be new, and adds it if it is; says whether it was there. */
    default boolean request(String key) {
        boolean hit = touch(key);
        if (!hit) {
            add(key);
        }
        return hit;
    }

    /** Waits until all is where it will be kept. */
    default void flush() throws IOException, InterruptedException {}

    @Override
    default void close() throws IOException {}
}
