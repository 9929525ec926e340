package io.mutil.s4lru;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Loads a state from the table and the journal. */
final class LogLoader implements Ops.Reader {
    private final Entries entries;
    private final Levels levels;
    private final LogRecorder recorder;
    private final StateFile file;

    /** Entries of the table whose rows the journal has under other keys: the Python library used them after a crash. */
    private final Map<Long, Integer> others = new HashMap<>();

    private RowIndex slots = new RowIndex(0);
    private long lastRow;
    private long lastMove;

    LogLoader(Entries entries, Levels levels, LogRecorder recorder, StateFile file) {
        this.entries = entries;
        this.levels = levels;
        this.recorder = recorder;
        this.file = file;
    }

    /** Tells whether the order came from the table alone, so that the journal has to be told of it. */
    boolean load() throws SQLException {
        long lastId = file.lastJournalId();
        boolean byTable = lastId == 0;
        int rows = file.count();
        entries.reserve(rows);
        if (byTable) {
            file.read("ORDER BY level, count, rowid", this::rowInOrder);
        } else {
            slots = new RowIndex(rows);
            file.read("", this::row);
            file.readJournal(this);
            order();
        }
        recorder.start(lastRow, lastMove, lastId, file.journalBytes());
        others.keySet().forEach(this::renumber);
        return byTable;
    }

    private void rowInOrder(long row, String key, long size, int level) {
        int slot = add(row, key, size, level);
        recorder.loaded(slot, row, ++lastMove);
        levels.pushHead(slot, entries.level(slot));
    }

    private void row(long row, String key, long size, int level) {
        int slot = add(row, key, size, level);
        recorder.loaded(slot, row, 0);
        slots.put(row, slot);
    }

    private int add(long row, String key, long size, int level) {
        lastRow = Math.max(lastRow, row);
        return entries.add(key, size, Math.min(level, levels.top()));
    }

    // ---- the journal

    @Override
    public void inserted(long row, long size, int level, long move, String key) {
        int known = entries.find(key);
        cover(row, known);
        if (known != Entries.NONE && recorder.row(known) > row) {
            // the key went and came again, and a fold that a crash ended wrote the later row
            return;
        }
        if (known != Entries.NONE && recorder.row(known) < row) {
            forget(known);
            known = Entries.NONE;
        }
        if (known == Entries.NONE) {
            int slot = add(row, key, size, level);
            entries.set(slot, Entries.ROWLESS);
            recorder.loaded(slot, row, move);
            slots.put(row, slot);
            lastMove = Math.max(lastMove, move);
        } else {
            place(known, size, level, move);
        }
    }

    @Override
    public void moved(long row, long size, int level, long move) {
        int slot = find(row);
        if (slot != Entries.NONE) {
            place(slot, size, level, move);
        }
    }

    /** No row that the journal names is used again: an old removal would take the new key. */
    private int find(long row) {
        lastRow = Math.max(lastRow, row);
        return live(row);
    }

    private void place(int slot, long size, int level, long move) {
        int mine = Math.min(level, levels.top());
        if (entries.size(slot) != size || entries.level(slot) != mine) {
            entries.setSize(slot, size);
            entries.setLevel(slot, mine);
            entries.set(slot, Entries.STALE);
        }
        entries.setMove(slot, move);
        lastMove = Math.max(lastMove, move);
    }

    @Override
    public void removed(long row) {
        int slot = find(row);
        if (slot != Entries.NONE) {
            forget(slot);
        }
        uncover(row);
    }

    /** Until its removal a row means the key of the journal. */
    private void cover(long row, int known) {
        int other = find(row);
        if (other != Entries.NONE && other != known) {
            others.put(row, other);
            // slot 0 is a level, and no entry has it
            slots.put(row, Math.max(known, 0));
        }
    }

    private void uncover(long row) {
        Integer other = others.remove(row);
        if (other != null) {
            slots.put(row, other);
        }
    }

    private void forget(int slot) {
        recorder.unloaded(slot);
        entries.remove(slot);
    }

    /** A slot may have been freed and taken by another row since. */
    private int live(long row) {
        int slot = slots.get(row);
        return slot != Entries.NONE && entries.is(slot, Entries.LIVE) && recorder.row(slot) == row
                ? slot
                : Entries.NONE;
    }

    private void renumber(long row) {
        recorder.uncover(row);
        int slot = live(row);
        if (slot != Entries.NONE) {
            recorder.renumber(slot);
        }
    }

    /** Coldest first, as each goes to the hot end of its level. */
    private void order() {
        var order = new Order(entries.count());
        for (int slot = 0; slot < entries.used(); slot++) {
            if (entries.is(slot, Entries.LIVE)) {
                order.add(entries.move(slot), slot);
            }
        }
        for (int slot : order.sorted()) {
            levels.pushHead(slot, entries.level(slot));
        }
    }
}
