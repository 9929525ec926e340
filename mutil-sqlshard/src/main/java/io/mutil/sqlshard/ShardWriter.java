package io.mutil.sqlshard;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file: takes all that waits, does it in one transaction, and tells the callers after the commit. Where one write
 * fails, the group is halved until it is alone, so that it fails no other.
 *
 * <p>A thread of its own serves the queue, and so does a caller that finds nobody serving, as to wake another thread costs as
 * much as a small commit.
 */
final class ShardWriter {
    private static final Logger LOG = System.getLogger(ShardWriter.class.getName());

    private final Path file;
    private final WriteQueue queue;
    private final WriteConnection connection;
    private final Executor callbacks;
    private final LongAdder commits = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Who holds it uses the connection and the fields below; never held while something of a caller runs. */
    private final ReentrantLock serving = new ReentrantLock();

    private final List<Write<?>> unwritten = new ArrayList<>();
    private @Nullable SQLException unwrittenWhy;
    private long lost;
    private boolean warned;

    ShardWriter(Path file, WriteQueue queue, WriteConnection connection, Executor callbacks) {
        this.file = file;
        this.queue = queue;
        this.connection = connection;
        this.callbacks = callbacks;
    }

    /** Serves the queue until that is closed and empty. */
    void run() {
        while (awaitWork()) {
            serving.lock();
            serve();
        }
    }

    private boolean awaitWork() {
        while (true) {
            try {
                return queue.awaitWork();
            } catch (InterruptedException e) {
                // only close() ends this thread, after it has written what waits
            }
        }
    }

    /** Serves the queue once in the thread of a caller; false if somebody else does, who may have begun earlier. */
    boolean help() {
        boolean free = serving.tryLock();
        if (free) {
            serve();
        }
        return free;
    }

    private void serve() {
        List<Write<?>> group;
        SQLException failure = null;
        try {
            group = queue.take();
            if (!group.isEmpty()) {
                write(group);
                failure = putBack();
            }
        } finally {
            serving.unlock();
            // who came meanwhile relies on it
            queue.wakeUnlessHelped();
        }
        end(group);
        if (failure != null) {
            warn(failure);
        }
    }

    private void write(List<Write<?>> all) {
        SQLException failure = unwrittenWhy == null ? tryWriting(all) : unwrittenWhy;
        if (failure == null) {
            succeeded(all);
        } else if (all.size() == 1 || unwrittenWhy != null || SqlErrors.concernsWholeFile(failure)) {
            fail(all, failure);
        } else {
            int half = all.size() / 2;
            write(all.subList(0, half));
            write(all.subList(half, all.size()));
        }
    }

    private @Nullable SQLException tryWriting(List<Write<?>> all) {
        try {
            connection.begin();
            for (Write<?> write : all) {
                write.run(connection);
            }
            connection.commit();
            return null;
        } catch (SQLException e) {
            connection.rollback();
            return e;
        } catch (RuntimeException | Error e) {
            // the thread must outlive it, or all later callers would wait for ever
            connection.rollback();
            return new SQLException(e);
        }
    }

    private void succeeded(List<Write<?>> all) {
        commits.increment();
        all.forEach(write -> rows.add(write.rows()));
        queue.committed(all);
    }

    /** What nobody waits for is kept, and so that the order stays, all that follows it fails or is kept as well. */
    private void fail(List<Write<?>> all, SQLException failure) {
        boolean forGood = false;
        for (Write<?> write : all) {
            if (write.isBehind()) {
                unwritten.add(write);
                unwrittenWhy = failure;
            } else {
                write.fail(failure, file);
                forGood = true;
            }
        }
        if (forGood) {
            failures.increment();
        }
    }

    /** Returns what is to be told, as it is for the first time since all was written. */
    private @Nullable SQLException putBack() {
        SQLException why = unwrittenWhy;
        if (why == null) {
            warned = false;
            return null;
        }
        boolean kept = queue.putBack(unwritten, why);
        if (kept) {
            unwrittenWhy = null;
        } else {
            lose();
        }
        unwritten.clear();
        boolean isNew = kept && !warned;
        warned = true;
        return isNew ? why : null;
    }

    /** What follows is lost as well, for which the reason is kept: only the newest may be. */
    private void lose() {
        if (!unwritten.isEmpty()) {
            failures.increment();
        }
        unwritten.forEach(write -> lost += write.rows());
    }

    private void warn(SQLException failure) {
        LOG.log(
                Level.WARNING,
                "{0}: puts that have returned cannot be written now; they are kept and tried again: {1}",
                file,
                failure.getMessage());
    }

    /** Futures have callbacks of strangers, so they are completed elsewhere, in order. */
    private void end(List<Write<?>> all) {
        List<Write<?>> futures = null;
        for (Write<?> write : all) {
            if (write.hasFuture()) {
                futures = futures == null ? new ArrayList<>() : futures;
                futures.add(write);
            } else {
                write.end();
            }
        }
        if (futures != null) {
            new Completion(futures).runIn(callbacks);
        }
    }

    /**
     * Closes the connection, after the end.
     *
     * @throws IOException if it cannot be closed, or rows of {@link Durability#behind} are lost
     */
    void close() throws IOException {
        // a caller that helped may still be about to let go
        serving.lock();
        try {
            connection.close();
            if (lost > 0) {
                throw lost(unwrittenWhy);
            }
        } catch (SQLException e) {
            throw SqlErrors.explained(e, file);
        } finally {
            serving.unlock();
        }
    }

    private IOException lost(@Nullable SQLException why) {
        String reason = why == null ? "" : ": " + why.getMessage();
        return new IOException(
                file + ": the newest " + lost + " puts that had returned could not be written before the store was"
                        + " closed and are lost; make sure that the file can be written, and put them again" + reason,
                why);
    }

    long commits() {
        return commits.sum();
    }

    long rows() {
        return rows.sum();
    }

    long failures() {
        return failures.sum();
    }
}
