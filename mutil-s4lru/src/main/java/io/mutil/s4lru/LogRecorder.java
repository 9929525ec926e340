package io.mutil.s4lru;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Appends what happened to {@code lru_journal}, as a few bytes for each entry concerned however often it moved, and folds
 * that into the table now and then.
 *
 * <p>Appending is far cheaper than rows with an index over random keys, and a key that comes and goes between two folds
 * costs no row at all. A fold first writes every entry's place to the journal and then drops what came before it, so a crash
 * at any moment leaves a table and a journal that together hold all that was committed: replaying is idempotent.
 */
final class LogRecorder implements Recorder {
    private static final long LEAST_TO_FOLD = 16L << 20;
    /** What the place of an entry takes in the journal, about. */
    private static final long PLACE = 16;

    private final Entries entries;
    private final Lock lock;
    private final Map<Integer, Long> moreHits = new HashMap<>();

    private final RowNumbers rows = new RowNumbers();
    private long lastRow;
    private long moves;

    private Ints dirty = new Ints();
    private Ints writing = new Ints();
    private Longs removed = new Longs();
    private Longs rowsToDelete = new Longs();
    private int fresh;
    private int sending;

    // of the journal's thread alone
    private final List<byte[]> unsent = new ArrayList<>();
    private final Ops ops = new Ops();
    private long lastId;
    private long appended;
    private long foldAt = LEAST_TO_FOLD;
    private boolean begun;

    LogRecorder(Entries entries, Lock lock) {
        this.entries = entries;
        this.lock = lock;
    }

    /**
     * Takes over a state that was loaded.
     *
     * @param bytes of the journal: it grows over many lives too, if each ends with a crash
     */
    void start(long lastRow, long lastMove, long lastId, long bytes) {
        this.lastRow = lastRow;
        this.moves = lastMove;
        this.lastId = lastId;
        appended = bytes;
        begun = lastId > 0;
        foldAt = foldAt(PLACE * entries.count());
    }

    private static long foldAt(long places) {
        return Math.max(LEAST_TO_FOLD, 4 * places);
    }

    /** An entry that was loaded. */
    void loaded(int slot, long row, long move) {
        rows.set(slot, row);
        entries.setMove(slot, move);
    }

    /** An entry that was loaded from the table, and is gone by the journal. */
    void unloaded(int slot) {
        if (!entries.is(slot, Entries.ROWLESS)) {
            rowsToDelete.add(rows.get(slot));
        }
    }

    /** A row that another key has in the table: the journal means that one from now on. */
    void uncover(long row) {
        ops.remove(row);
    }

    /** The entry that had that row in the journal. */
    void renumber(int slot) {
        rows.set(slot, ++lastRow);
        entries.set(slot, Entries.FRESH);
        fresh++;
        resized(slot);
    }

    long row(int slot) {
        return rows.get(slot);
    }

    // ---- with the lock

    @Override
    public void inserted(int slot, int level) {
        rows.set(slot, ++lastRow);
        entries.set(slot, Entries.FRESH | Entries.ROWLESS);
        fresh++;
        moved(slot);
    }

    @Override
    public void hit(int slot) {
        if (!entries.countHit(slot)) {
            moreHits.merge(slot, (long) entries.takeHits(slot) + 1, Long::sum);
        }
        entries.set(slot, Entries.STALE);
    }

    @Override
    public void moved(int slot) {
        entries.setMove(slot, ++moves);
        resized(slot);
    }

    @Override
    public void resized(int slot) {
        if (!entries.is(slot, Entries.DIRTY)) {
            note(slot);
        }
        entries.set(slot, Entries.DIRTY | Entries.STALE);
    }

    /** Keys that come and go before they are written leave their slots in the list. */
    private void note(int slot) {
        if (dirty.size() >= 2 * entries.used() + PIECE) {
            dirty.clear();
            for (int other = 0; other < entries.used(); other++) {
                if (entries.is(other, Entries.DIRTY)) {
                    dirty.add(other);
                }
            }
        }
        dirty.add(slot);
    }

    /** For tests: how long the list of slots is. */
    int noted() {
        return dirty.size();
    }

    @Override
    public void removed(int slot) {
        if (entries.is(slot, Entries.FRESH)) {
            fresh--;
        } else {
            removed.add(rows.get(slot));
        }
        if (!entries.is(slot, Entries.ROWLESS)) {
            rowsToDelete.add(rows.get(slot));
        }
        if (!moreHits.isEmpty()) {
            moreHits.remove(slot);
        }
    }

    @Override
    public int waiting() {
        return fresh + removed.size() + sending;
    }

    @Override
    public boolean wantsFold() {
        return appended > foldAt;
    }

    // ---- by the journal's thread

    @Override
    public void write(StateFile file) throws SQLException {
        // what failed before
        send(file);
        collect();
        send(file);
    }

    private void send(StateFile file) throws SQLException {
        if (unsent.isEmpty()) {
            return;
        }
        file.transact(() -> {
            for (byte[] blob : unsent) {
                file.append(++lastId, blob);
            }
        });
        for (byte[] blob : unsent) {
            appended += blob.length;
        }
        unsent.clear();
        begun = true;
        lock.lock();
        try {
            sending = 0;
        } finally {
            lock.unlock();
        }
    }

    private void collect() {
        Longs gone;
        lock.lock();
        try {
            Ints swap = writing;
            writing = dirty;
            dirty = swap;
            gone = removed;
            removed = new Longs();
            sending += gone.size();
        } finally {
            lock.unlock();
        }
        for (int from = 0; from < writing.size(); from += PIECE) {
            collectPiece(from, Math.min(from + PIECE, writing.size()));
        }
        writing.clear();
        // Last: a key that went and came again would otherwise be there twice.
        for (int i = 0; i < gone.size(); i++) {
            ops.remove(gone.get(i));
        }
        seal();
    }

    private void collectPiece(int from, int to) {
        lock.lock();
        try {
            for (int i = from; i < to; i++) {
                int slot = writing.get(i);
                if (entries.is(slot, Entries.DIRTY)) {
                    collect(slot);
                }
            }
        } finally {
            lock.unlock();
        }
        if (ops.length() > Ops.BLOB) {
            seal();
        }
    }

    private void collect(int slot) {
        if (entries.is(slot, Entries.FRESH)) {
            fresh--;
            sending++;
            ops.insert(rows.get(slot), entries.size(slot), entries.level(slot), entries.move(slot), entries.key(slot));
        } else {
            ops.move(rows.get(slot), entries.size(slot), entries.level(slot), entries.move(slot));
        }
        entries.clear(slot, Entries.DIRTY | Entries.FRESH);
    }

    private void seal() {
        if (ops.length() > 0) {
            unsent.add(ops.toBytes());
            ops.clear();
        }
    }

    @Override
    public void fold(StateFile file, Breath breath, boolean anew) throws SQLException {
        if (!begun) {
            // the order is that of the table, until the journal has all of it
            new Fold(this, lock, file, Breath.NONE, true).atOnce().run();
            begun = true;
            write(file);
            return;
        }
        write(file);
        long before = lastId;
        long dropped = appended;
        long places = new Fold(this, lock, file, breath, anew).run();
        if (anew) {
            file.transact(() -> file.forgetJournal(before));
            appended -= dropped;
            foldAt = foldAt(places);
        }
    }

    // ---- for a fold

    long nextId() {
        return ++lastId;
    }

    /** With the lock. */
    Longs takeRowsToDelete() {
        Longs taken = rowsToDelete;
        rowsToDelete = new Longs();
        return taken;
    }

    /** With the lock. */
    void giveBackRowsToDelete(Longs taken) {
        rowsToDelete.addAll(taken);
    }

    /** With the lock. */
    long newestRow() {
        return lastRow;
    }

    /** With the lock. */
    int used() {
        return entries.used();
    }

    /**
     * Takes the rows of a range of slots that the table needs. With the lock.
     *
     * @param newest the last row that is taken
     * @param places gets the places of all entries, so that the journal needs nothing of them from before; or null
     */
    void takeRows(int from, int to, long newest, @Nullable Ops places, List<Row> needed) {
        for (int slot = from; slot < to; slot++) {
            if (entries.is(slot, Entries.LIVE) && rows.get(slot) <= newest) {
                takeRow(slot, places, needed);
            }
        }
    }

    private void takeRow(int slot, @Nullable Ops places, List<Row> needed) {
        if (places != null) {
            places.move(rows.get(slot), entries.size(slot), entries.level(slot), entries.move(slot));
        }
        // One that is fresh gets its row later than its place in the journal: a removal in between has to be in there
        // too.
        if (entries.is(slot, Entries.ROWLESS | Entries.STALE) && (places != null || !entries.is(slot, Entries.FRESH))) {
            needed.add(rowOf(slot));
            entries.clear(slot, Entries.ROWLESS | Entries.STALE);
        }
        if (places != null) {
            entries.clear(slot, Entries.DIRTY | Entries.FRESH);
        }
    }

    private Row rowOf(int slot) {
        boolean wasFresh = entries.is(slot, Entries.FRESH);
        Long more = moreHits.isEmpty() ? null : moreHits.remove(slot);
        var row = new Row(
                slot,
                rows.get(slot),
                entries.key(slot),
                entries.size(slot),
                entries.level(slot),
                entries.takeHits(slot) + (more == null ? 0 : more),
                entries.is(slot, Entries.ROWLESS),
                wasFresh);
        fresh -= wasFresh ? 1 : 0;
        return row;
    }

    /** A row was not written after all. With the lock. */
    void giveBack(Row row) {
        int slot = row.slot();
        if (!entries.is(slot, Entries.LIVE) || rows.get(slot) != row.row()) {
            return;
        }
        resized(slot);
        entries.set(slot, (row.isNew() ? Entries.ROWLESS : 0) | (row.isFresh() ? Entries.FRESH : 0));
        fresh += row.isFresh() ? 1 : 0;
        moreHits.merge(slot, row.hits(), Long::sum);
    }

    /**
     * What the table should hold of an entry.
     *
     * @param isNew whether the table has no row of it
     * @param isFresh whether the journal knows nothing of it either
     */
    record Row(int slot, long row, String key, long size, int level, long hits, boolean isNew, boolean isFresh) {
        void write(StateFile file) throws SQLException {
            if (isNew) {
                file.insert(row, key, size, level, hits);
            } else {
                file.update(row, size, level, hits);
            }
        }
    }
}
