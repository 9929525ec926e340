package io.mutil.s4lru;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/**
 * Keeps the table as the Python library does: a row when a key comes, none when it goes, and level and hits only of what was
 * hit, when the counts are flushed.
 */
final class TableRecorder implements Recorder {
    private record Row(long row, String key, long size, int level) {}

    private record Count(int slot, long row, long size, int level, long hits) {}

    private final Entries entries;
    private final Lock lock;
    private final RowNumbers rows = new RowNumbers();
    private long lastRow;
    private Map<Long, Row> coming = new LinkedHashMap<>();
    private Longs going = new Longs();

    TableRecorder(Entries entries, Lock lock) {
        this.entries = entries;
        this.lock = lock;
    }

    /** An entry that was loaded. */
    void loaded(int slot, long row) {
        rows.set(slot, row);
        lastRow = Math.max(lastRow, row);
    }

    @Override
    public void inserted(int slot, int level) {
        loaded(slot, lastRow + 1);
        coming.put(lastRow, new Row(lastRow, entries.key(slot), entries.size(slot), level));
    }

    @Override
    public void hit(int slot) {
        // 65,535 hits between two flushes are enough to stay the hottest
        entries.countHit(slot);
    }

    @Override
    public void moved(int slot) {
        // places are not kept
    }

    @Override
    public void resized(int slot) {
        // sizes do not change
    }

    @Override
    public void removed(int slot) {
        if (coming.remove(rows.get(slot)) == null) {
            going.add(rows.get(slot));
        }
    }

    @Override
    public int waiting() {
        return coming.size() + going.size();
    }

    @Override
    public boolean wantsFold() {
        return false;
    }

    @Override
    public void write(StateFile file) throws SQLException {
        Map<Long, Row> inserting;
        Longs deleting;
        lock.lock();
        try {
            inserting = coming;
            coming = new LinkedHashMap<>();
            deleting = going;
            going = new Longs();
        } finally {
            lock.unlock();
        }
        if (inserting.isEmpty() && deleting.size() == 0) {
            return;
        }
        try {
            file.transact(() -> write(file, inserting, deleting));
        } catch (SQLException | RuntimeException | Error e) {
            giveBack(inserting, deleting);
            throw e;
        }
    }

    private static void write(StateFile file, Map<Long, Row> inserting, Longs deleting) throws SQLException {
        for (int i = 0; i < deleting.size(); i++) {
            file.delete(deleting.get(i));
        }
        for (Row row : inserting.values()) {
            file.insert(row.row, row.key, row.size, row.level, 0);
        }
    }

    private void giveBack(Map<Long, Row> inserting, Longs deleting) {
        lock.lock();
        try {
            // what went meanwhile is only to be deleted, which does no harm to a row that is not there
            inserting.putAll(coming);
            coming = inserting;
            deleting.addAll(going);
            going = deleting;
            for (int i = 0; i < going.size(); i++) {
                coming.remove(going.get(i));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void fold(StateFile file, Breath breath, boolean anew) throws SQLException {
        write(file);
        List<Count> counts = takeCounts();
        try {
            file.transact(() -> {
                for (Count count : counts) {
                    file.update(count.row, count.size, count.level, count.hits);
                }
            });
        } catch (SQLException | RuntimeException | Error e) {
            giveBack(counts);
            throw e;
        }
    }

    private List<Count> takeCounts() {
        var counts = new ArrayList<Count>();
        boolean more = true;
        for (int from = 0; more; from += PIECE) {
            lock.lock();
            try {
                more = from + PIECE < entries.used();
                for (int slot = from; slot < Math.min(from + PIECE, entries.used()); slot++) {
                    if (entries.is(slot, Entries.LIVE)
                            && entries.hits(slot) > 0
                            && !coming.containsKey(rows.get(slot))) {
                        counts.add(new Count(
                                slot, rows.get(slot), entries.size(slot), entries.level(slot), entries.takeHits(slot)));
                    }
                }
            } finally {
                lock.unlock();
            }
        }
        return counts;
    }

    private void giveBack(List<Count> counts) {
        lock.lock();
        try {
            for (Count count : counts) {
                boolean same = entries.is(count.slot, Entries.LIVE) && rows.get(count.slot) == count.row;
                for (long hit = 0; same && hit < count.hits; hit++) {
                    entries.countHit(count.slot);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
