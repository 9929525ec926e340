package io.mutil.s4lru;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;

/** One walk over all entries that brings the table up to date, in transactions of some tens of thousands of rows. */
final class Fold {
    private static final int PIECE = 2048;
    private static final int PER_TRANSACTION = 1 << 15;

    private final LogRecorder recorder;
    private final Lock lock;
    private final StateFile file;
    private final Recorder.Breath breath;
    private final Ops places = new Ops();
    private final List<LogRecorder.Row> rows = new ArrayList<>();
    private long bytes;

    Fold(LogRecorder recorder, Lock lock, StateFile file, Recorder.Breath breath) {
        this.recorder = recorder;
        this.lock = lock;
        this.file = file;
        this.breath = breath;
    }

    /** Returns how many bytes the places of all entries took. */
    long run() throws SQLException {
        delete();
        int used = Integer.MAX_VALUE;
        for (int from = 0; from < used; from += PER_TRANSACTION) {
            int first = from;
            try {
                file.transact(() -> write(first));
            } catch (SQLException | RuntimeException | Error e) {
                giveBack();
                throw e;
            }
            rows.clear();
            breath.pause();
            used = recorder.used();
        }
        return bytes;
    }

    private void delete() throws SQLException {
        Longs deleting;
        lock.lock();
        try {
            deleting = recorder.takeRowsToDelete();
        } finally {
            lock.unlock();
        }
        try {
            for (int from = 0; from < deleting.size(); from += PER_TRANSACTION) {
                int first = from;
                file.transact(() -> delete(deleting, first));
                breath.pause();
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

    private void delete(Longs deleting, int from) throws SQLException {
        int to = Math.min(from + PER_TRANSACTION, deleting.size());
        for (int i = from; i < to; i++) {
            file.delete(deleting.get(i));
        }
    }

    private void write(int first) throws SQLException {
        for (int from = first; from < first + PER_TRANSACTION; from += PIECE) {
            int written = rows.size();
            take(from);
            for (LogRecorder.Row row : rows.subList(written, rows.size())) {
                row.write(file);
            }
        }
        if (places.length() > 0) {
            bytes += places.length();
            file.append(recorder.nextId(), places.toBytes());
            places.clear();
        }
    }

    private void take(int from) {
        lock.lock();
        try {
            recorder.take(from, from + PIECE, places, rows);
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
