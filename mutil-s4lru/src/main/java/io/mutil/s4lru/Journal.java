package io.mutil.s4lru;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The thread that writes what a {@link Recorder} noted, at most some rows and some time behind. */
final class Journal {
    private static final System.Logger LOGGER = System.getLogger(Journal.class.getName());

    /** How many times the rows of a commit may wait before who brings more has to wait too. */
    private static final int MOST_COMMITS_BEHIND = 8;

    private final StateFile file;
    private final Recorder recorder;
    private final ReentrantLock lock;
    private final Runnable drain;
    private final int mostRows;
    private final long every;
    private final Thread thread;
    private final Condition work;
    private final Condition written;

    // with the lock
    private long asked;
    private boolean foldAsked;
    private long done;
    private long failed;
    private boolean closing;
    private boolean ended;
    private @Nullable IOException failure;

    // of the thread alone
    private boolean begins;
    private long lastWrite = System.nanoTime();

    /** So that nothing is behind for longer because of a long fold. */
    private final Recorder.Breath breath = new Recorder.Breath() {
        @Override
        public boolean isDue() {
            lock.lock();
            try {
                return recorder.waiting() >= (long) mostRows * MOST_COMMITS_BEHIND / 2
                        || System.nanoTime() - lastWrite >= every;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void take() throws SQLException {
            if (isDue()) {
                drain();
                write();
            }
        }
    };

    Journal(StateFile file, Recorder recorder, ReentrantLock lock, Runnable drain, Pace pace, ThreadFactory threads) {
        this.file = file;
        this.recorder = recorder;
        this.lock = lock;
        this.drain = drain;
        mostRows = pace.rows();
        every = pace.every().toNanos();
        work = lock.newCondition();
        written = lock.newCondition();
        thread = threads.newThread(this::run);
    }

    /** Starts the thread, which may begin with writing all that there is. */
    void start(boolean fold) {
        asked = fold ? 1 : 0;
        begins = fold;
        thread.start();
    }

    // ---- for callers

    /**
     * Waits while too much is not written yet. With the lock, which is free meanwhile.
     *
     * @return whether there was a wait
     * @throws UncheckedIOException if the file cannot be written
     */
    boolean awaitRoom() {
        if (recorder.waiting() >= mostRows) {
            work.signal();
        }
        boolean waited = false;
        while (recorder.waiting() >= (long) mostRows * MOST_COMMITS_BEHIND && !closing) {
            if (failure != null) {
                throw new UncheckedIOException("no room for more keys until the state can be written", failure);
            }
            written.awaitUninterruptibly();
            waited = true;
        }
        return waited;
    }

    /** Waits until all that happened before is written, and the table is up to date. */
    void flush() throws IOException, InterruptedException {
        await(true);
    }

    /** Waits until all that happened before is written. */
    void commit() throws IOException, InterruptedException {
        await(false);
    }

    private void await(boolean fold) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closing) {
                throw new IllegalStateException("this S4Lru is closed");
            }
            long mine = ++asked;
            foldAsked |= fold;
            work.signal();
            while (done < mine && failed < mine && !ended) {
                written.await();
            }
            if (done < mine) {
                throw new IOException("not written, and tried again later", failure);
            }
        } finally {
            lock.unlock();
        }
    }

    StateFile file() {
        return file;
    }

    boolean isFailing() {
        return failure != null;
    }

    int waiting() {
        return recorder.waiting();
    }

    /** Writes all that is left, and ends the thread. */
    void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            work.signal();
            while (!ended) {
                written.awaitUninterruptibly();
            }
            if (failure != null) {
                throw new IOException("closed without what could not be written", failure);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the thread

    private void run() {
        boolean whole = false;
        try {
            boolean last;
            do {
                last = awaitWork();
                attempt();
            } while (!last);
            whole = true;
        } finally {
            end(whole);
        }
    }

    /** Tells whether to end after one more attempt. */
    private boolean awaitWork() {
        lock.lock();
        try {
            long left = every;
            while (left > 0 && !isDue()) {
                left = work.awaitNanos(left);
            }
            return closing;
        } catch (InterruptedException e) {
            // only closing ends this thread
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** After a failure only time, a flush or the end brings another attempt. */
    private boolean isDue() {
        return closing || asked > Math.max(done, failed) || (failure == null && recorder.waiting() >= mostRows);
    }

    private void attempt() {
        long flushed;
        boolean fold;
        boolean anew;
        lock.lock();
        try {
            flushed = asked;
            anew = closing || begins || recorder.wantsFold();
            fold = anew || foldAsked;
            foldAsked = false;
        } finally {
            lock.unlock();
        }
        try {
            drain();
            if (fold) {
                recorder.fold(file, breath, anew);
            } else {
                write();
            }
            begins &= !anew;
            finished(flushed, fold, null);
        } catch (SQLException e) {
            finished(flushed, fold, StateFile.explained(file.path(), e));
        } catch (RuntimeException | Error e) {
            // the thread must outlive it, or whoever flushes or closes would wait for ever
            finished(flushed, fold, new IOException(file.path() + " was not written", e));
        }
    }

    private void drain() {
        lock.lock();
        try {
            drain.run();
        } finally {
            lock.unlock();
        }
    }

    private void write() throws SQLException {
        recorder.write(file);
        lastWrite = System.nanoTime();
        lock.lock();
        try {
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void finished(long flushed, boolean fold, @Nullable IOException problem) {
        boolean first;
        lock.lock();
        try {
            if (problem == null) {
                done = Math.max(done, flushed);
            } else {
                failed = Math.max(failed, flushed);
                foldAsked |= fold;
            }
            first = failure == null;
            failure = problem;
            written.signalAll();
        } finally {
            lock.unlock();
        }
        if (problem != null && first) {
            LOGGER.log(
                    WARNING,
                    "the state is not written, and tried again every " + TimeUnit.NANOSECONDS.toMillis(every) + " ms",
                    problem);
        }
    }

    private void end(boolean whole) {
        IOException problem = null;
        try {
            problem = seal(whole);
        } finally {
            lock.lock();
            try {
                failure = failure == null ? problem : failure;
                ended = true;
                written.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public String toString() {
        return "state " + file.path();
    }

    private @Nullable IOException seal(boolean whole) {
        try (file) {
            if (whole && !isFailing()) {
                file.seal();
            }
            return whole ? null : new IOException(file.path() + " is not written any more; close it and open it again");
        } catch (SQLException e) {
            return StateFile.explained(file.path(), e);
        } catch (RuntimeException | Error e) {
            return new IOException(file.path() + " was not closed", e);
        }
    }
}
