package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** What is done to all shards of a store: begun everywhere, then waited for, so that they work at the same time. */
final class Shards {
    static final int DEFAULT_READERS = 4;
    static final int DEFAULT_QUEUE = 10_000;
    static final int MAX_HANDOFF = 16;
    static final Executor DEFAULT_CALLBACKS = ForkJoinPool.commonPool();

    private Shards() {}

    static int inRange(String name, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + " must be " + from + " to " + to + ", was " + value);
        }
        return value;
    }

    interface Step<T, E extends Exception> {
        void on(T each) throws IOException, E;
    }

    /** Every step is done; the first failure is thrown at the end, with the others as suppressed. */
    static <T, E extends Exception> void each(Iterable<T> all, Step<T, E> step) throws IOException, E {
        IOException first = null;
        for (T each : all) {
            try {
                step.on(each);
            } catch (IOException e) {
                first = joined(first, e);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static IOException joined(@Nullable IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    static void putAll(Map<Shard, List<Change>> parts) throws IOException, InterruptedException {
        List<Write<?>> begun = new ArrayList<>();
        each(parts.entrySet(), part -> begun.add(part.getKey().beginPut(part.getValue())));
        awaitAll(begun);
    }

    private static void awaitAll(List<Write<?>> begun) throws IOException, InterruptedException {
        each(begun, write -> {
            var unused = write.await();
        });
    }

    static void clear(List<Shard> shards) throws IOException, InterruptedException {
        List<Write<?>> begun = new ArrayList<>();
        each(shards, shard -> begun.add(shard.begin(deletion())));
        awaitAll(begun);
    }

    private static Write<@Nullable Void> deletion() {
        return Write.of(1, 0, connection -> {
            Connections.execute(connection.jdbc(), connection.sql().deleteAll());
            return null;
        });
    }

    static void flush(List<Shard> shards) throws IOException, InterruptedException {
        List<Write<?>> begun = new ArrayList<>();
        each(shards, shard -> begun.add(shard.begin(Shard.barrier())));
        awaitAll(begun);
        each(shards, Shard::sync);
    }

    static long count(ReadConnection connection) throws SQLException {
        try (ResultSet row = connection.prepared(connection.sql().count()).executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    static void close(List<Shard> shards) throws IOException {
        shards.forEach(Shard::beginClosing);
        each(shards, Shard::endClosing);
    }
}
