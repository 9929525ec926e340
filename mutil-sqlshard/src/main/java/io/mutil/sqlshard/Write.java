package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of a shard is asked to do, and how it ended. It is done in a transaction together with others, and done again
 * if that had to be rolled back; it ends once, after the commit.
 */
final class Write<R extends @Nullable Object> {
    private final Body<R> body;
    private final List<Change> puts;
    private final int rows;
    private final long size;

    // The writer sets what follows before it sets ended.
    private @Nullable R result;
    private @Nullable SQLException failure;
    private @Nullable Path file;
    private volatile boolean ended;
    private volatile @Nullable Thread waiter;
    private volatile boolean helped;
    private @Nullable CompletableFuture<R> future;
    private boolean behind;

    interface Body<R extends @Nullable Object> {
        /** Reads and writes inside the transaction; may be called more than once. */
        R run(WriteConnection connection) throws SQLException;
    }

    private Write(Body<R> body, List<Change> puts, int rows, long size) {
        this.body = body;
        this.puts = puts;
        this.rows = rows;
        this.size = size;
    }

    /** Anything, with how many rows it may change, and how much memory it holds until then. */
    static <R extends @Nullable Object> Write<R> of(int rows, long size, Body<R> body) {
        return new Write<>(body, List.of(), rows, size);
    }

    /** Rows that are put whatever is there. */
    static Write<@Nullable Void> put(List<Change> puts) {
        long size = 0;
        for (Change put : puts) {
            size += put.size();
        }
        Body<@Nullable Void> body = connection -> putAll(puts, connection);
        return new Write<@Nullable Void>(body, puts, puts.size(), size);
    }

    private static @Nullable Void putAll(List<Change> puts, WriteConnection connection) throws SQLException {
        for (Change put : puts) {
            connection.apply(put);
        }
        return null;
    }

    /** What is put whatever is there; empty for all other work. */
    List<Change> puts() {
        return puts;
    }

    int rows() {
        return rows;
    }

    long size() {
        return size;
    }

    /** Nobody waits for it: it is done again until it succeeds. */
    Write<R> markBehind() {
        behind = true;
        return this;
    }

    boolean isBehind() {
        return behind;
    }

    /** To be called before it is queued. */
    CompletableFuture<R> asFuture() {
        var made = new CompletableFuture<R>();
        future = made;
        return made;
    }

    /** Whether its caller serves the queue if nobody else does, so that the writer need not be woken for it. */
    boolean isHelped() {
        return helped;
    }

    void setHelped(boolean helped) {
        this.helped = helped;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether somebody is blocked until it ends. */
    boolean isAwaited() {
        return !behind && future == null;
    }

    boolean hasFuture() {
        return future != null;
    }

    void run(WriteConnection connection) throws SQLException {
        result = body.run(connection);
    }

    /** Sets how it ended, without telling anybody. */
    void fail(SQLException e, Path file) {
        this.failure = e;
        this.file = file;
    }

    /** Tells whoever waits. */
    void end() {
        CompletableFuture<R> promised = future;
        if (promised != null) {
            complete(promised);
            return;
        }
        ended = true;
        LockSupport.unpark(waiter);
    }

    private void complete(CompletableFuture<R> promised) {
        try {
            promised.complete(outcome());
        } catch (IOException e) {
            promised.completeExceptionally(e);
        }
    }

    /** Blocks until it ends, unless nobody is to wait for it; an interrupt leaves open whether it is done. */
    R await() throws IOException, InterruptedException {
        if (behind) {
            return outcome();
        }
        waiter = Thread.currentThread();
        while (!ended) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a write was under way; it may still be done");
            }
            LockSupport.park(this);
        }
        return outcome();
    }

    // R says itself whether its result may be null
    @SuppressWarnings("NullAway")
    private R outcome() throws IOException {
        if (failure != null && file != null) {
            throw SqlErrors.explained(failure, file);
        }
        return result;
    }
}
