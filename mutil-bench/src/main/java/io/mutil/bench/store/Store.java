package io.mutil.bench.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a contestant has opened. */
interface Store extends AutoCloseable {
    /** Puts a thread's share of the rows. */
    void put(Rows rows, Share share) throws IOException, SQLException, InterruptedException;

    /** Waits until what was put is committed, if it was not when {@link #put} returned. */
    default void settle() throws IOException, InterruptedException {}

    /** Gets values, for one thread. */
    Reader reader() throws IOException, SQLException;

    /** Number of rows. */
    long size() throws IOException, SQLException, InterruptedException;

    /** Every row, in the order of the keys if the contestant does not say otherwise. */
    void scan(BiConsumer<String, Quote> action) throws IOException, SQLException, InterruptedException;

    @Override
    void close() throws IOException, SQLException;

    /** Gets values, for one thread. */
    interface Reader extends AutoCloseable {
        /** Null if there is none. */
        @Nullable
        Quote get(String key) throws IOException, SQLException, InterruptedException;

        @Override
        default void close() throws IOException, SQLException {}
    }
}
