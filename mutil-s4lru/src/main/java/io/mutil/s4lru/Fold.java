package io.mutil.s4lru;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** One walk over all entries that brings the table up to date, in as few transactions as others can wait for. */
final class Fold {
    private static final int PER_TRANSACTION = 1 << 17;

    private final LogRecorder recorder;
    private final Lock lock;
    private final StateFile file;
    private final Recorder.Breath breath;
    private final @Nullable Ops places;
    private final List<LogRecorder.Row> rows = new ArrayList<>();
    private final Longs deleting;
    private final long newest;
    private final int end;
    private int perTransaction = PER_TRANSACTION;
    private long bytes;
    private int next;

    /**
     * Begins with what there is now. What comes later is the journal's: a crash takes no key and keeps one that came after
     * it, and a key that returns meanwhile has one row in the table until the next fold.
     */
    Fold(LogRecorder recorder, Lock lock, StateFile file, Recorder.Breath breath, boolean anew) {
        this.recorder = recorder;
        this.lock = lock;
        this.file = file;
        this.breath = breath;
        places = anew ? new Ops() : null;
        lock.lock();
        try {
            deleting = recorder.takeRowsToDelete();
            newest = recorder.newestRow();
            end = recorder.used();
        } finally {
            lock.unlock();
        }
    }

    /** Writes all entries in one transaction. */
    Fold atOnce() {
        perTransaction = Integer.MAX_VALUE;
        return this;
    }

    /** Returns how many bytes the places of all entries took, if they were written. */
    long run() throws SQLException {
        delete();
        while (next < end) {
            try {
                file.transact(this::write);
            } catch (SQLException | RuntimeException | Error e) {
                giveBack();
                throw e;
            }
            rows.clear();
            breath.take();
        }
        return bytes;
    }

    private void delete() throws SQLException {
        try {
            for (int from = 0; from < deleting.size(); from += Recorder.PIECE) {
                int first = from;
                file.transact(() -> delete(first));
                breath.take();
            }
        } catch (SQLException | RuntimeException | Error e) {
            lock.lock();
            try {
                recorder.giveBackRowsToDelete(deleting);
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    private void delete(int from) throws SQLException {
        int to = Math.min(from + Recorder.PIECE, deleting.size());
        for (int i = from; i < to; i++) {
            file.delete(deleting.get(i));
        }
    }

    private void write() throws SQLException {
        int last = (int) Math.min(end, (long) next + perTransaction);
        do {
            int written = rows.size();
            take();
            for (LogRecorder.Row row : rows.subList(written, rows.size())) {
                row.write(file);
            }
            if (places != null && places.length() > Ops.BLOB) {
                append(places);
            }
        } while (next < last && !breath.isDue());
        if (places != null) {
            append(places);
        }
    }

    private void append(Ops places) throws SQLException {
        if (places.length() > 0) {
            bytes += places.length();
            file.append(recorder.nextId(), places.toBytes());
            places.clear();
        }
    }

    private void take() {
        lock.lock();
        try {
            int to = Math.min(next + Recorder.PIECE, end);
            recorder.takeRows(next, to, newest, places, rows);
            next = to;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack() {
        lock.lock();
        try {
            rows.forEach(recorder::giveBack);
        } finally {
            lock.unlock();
        }
    }
}
