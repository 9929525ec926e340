package io.mutil.sqlshard;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
final class ShardWriter implements Runnable {
    private final Path file;
    private final WriteQueue queue;
    private final WriteConnection connection;
    private final Executor callbacks;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final LongAdder commits = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Who holds it uses the connection and the fields below; never held while something of a caller runs. */
    private final ReentrantLock serving = new ReentrantLock();

    private final List<Write<?>> unwritten = new ArrayList<>();
    private @Nullable SQLException unwrittenWhy;
    private @Nullable SQLException lost;

    ShardWriter(Path file, WriteQueue queue, WriteConnection connection, Executor callbacks) {
        this.file = file;
        this.queue = queue;
        this.connection = connection;
        this.callbacks = callbacks;
    }

    @Override
    public void run() {
        try {
            while (awaitWork()) {
                serving.lock();
                serve();
            }
        } finally {
            ended.countDown();
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

    /** Serves the queue in the thread of a caller, unless somebody does; who does sees what came before. */
    void help() {
        if (serving.tryLock()) {
            serve();
            queue.wake();
        }
    }

    /** Uses the connection between two groups and outside of a transaction, for what cannot be part of one. */
    <R extends @Nullable Object> R exclusively(Write.Body<R> body) throws SQLException {
        serving.lock();
        try {
            return body.run(connection);
        } finally {
            serving.unlock();
            queue.wake();
        }
    }

    private void serve() {
        List<Write<?>> group;
        try {
            group = queue.take();
            if (!group.isEmpty()) {
                write(group);
                putBack();
            }
        } finally {
            serving.unlock();
        }
        end(group);
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
        failures.increment();
        for (Write<?> write : all) {
            if (write.isBehind()) {
                unwritten.add(write);
                unwrittenWhy = failure;
            } else {
                write.fail(failure, file);
            }
        }
    }

    private void putBack() {
        SQLException why = unwrittenWhy;
        if (why != null && !queue.putBack(unwritten, why)) {
            lost = why;
        }
        unwritten.clear();
        unwrittenWhy = null;
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
            complete(futures);
        }
    }

    private void complete(List<Write<?>> futures) {
        Runnable completing = () -> futures.forEach(Write::end);
        try {
            callbacks.execute(completing);
        } catch (RuntimeException e) {
            // refused, or worse: better here than never
            completing.run();
        }
    }

    /** Waits until everything that was accepted is written. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Closes the connection, after the end.
     *
     * @return why rows of {@link Durability#behind} were lost at the end; null if none were
     */
    @Nullable
    SQLException close() throws SQLException {
        // a caller that helped may still be about to let go
        serving.lock();
        try {
            connection.close();
            return lost;
        } finally {
            serving.unlock();
        }
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
