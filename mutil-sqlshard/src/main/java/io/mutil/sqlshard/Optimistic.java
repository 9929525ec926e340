package io.mutil.sqlshard;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the functions of callers in their own threads, on what they read; what they want written is written only if that has not
 * changed meanwhile, in this process or another, and they run again otherwise.
 */
final class Optimistic<V> {
    private final Store<V> store;

    Optimistic(Store<V> store) {
        this.store = store;
    }

    Optional<V> compute(Shard shard, ShardKey key, Function<Optional<V>, Optional<V>> change)
            throws IOException, InterruptedException {
        Change seen = new Change(key, shard.get(key));
        while (true) {
            Optional<V> next = change.apply(store.decoded(seen));
            Change wanted = next.isPresent() ? store.encoded(key, next.get()) : new Change(key, null);
            if (Arrays.equals(seen.data(), wanted.data())) {
                return next;
            }
            Change conflict = shard.write(write(List.of(seen), List.of(wanted)));
            if (conflict == null) {
                return next;
            }
            shard.conflict();
            seen = conflict;
        }
    }

    <R extends @Nullable Object> R transaction(Shard shard, Transaction.Work<V, R> work)
            throws IOException, InterruptedException {
        while (true) {
            var rows = new Transaction<>(store, shard);
            R result;
            try {
                result = work.run(rows);
            } catch (IOException | RuntimeException | Error e) {
                if (isRight(shard, rows.seen(), e)) {
                    throw e;
                }
                shard.conflict();
                continue;
            } finally {
                rows.end();
            }
            if (isDone(shard, rows.seen(), rows.changes())) {
                return result;
            }
            shard.conflict();
        }
    }

    /** Whether work has failed for good, and not only because it has read rows that do not belong together. */
    private boolean isRight(Shard shard, List<Change> seen, Throwable failure) throws InterruptedException {
        try {
            return isDone(shard, seen, List.of());
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
            return true;
        }
    }

    /** One row that was read is right by itself; several have to be so at the same time. */
    private boolean isDone(Shard shard, List<Change> seen, List<Change> changes)
            throws IOException, InterruptedException {
        return (changes.isEmpty() && seen.size() <= 1) || shard.write(write(seen, changes)) == null;
    }

    /** Makes the changes if all rows are as they were; otherwise returns the first that is not, as it is now. */
    private static Write<@Nullable Change> write(List<Change> seen, List<Change> changes) {
        long size = 0;
        for (Change change : changes) {
            size += change.size();
        }
        return Write.of(changes.size(), size, connection -> {
            for (Change was : seen) {
                byte[] now = connection.get(was.key());
                if (!Arrays.equals(now, was.data())) {
                    return new Change(was.key(), now);
                }
            }
            for (Change change : changes) {
                connection.apply(change);
            }
            return null;
        });
    }
}
