package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The rows of a range in several files, in the order of the range. */
final class Merge implements AutoCloseable {
    private static final int PAGE_ROWS = 512;
    private static final int LEAST_ROWS = 16;
    private static final long PAGE_BYTES = 4 << 20;

    private final List<Cursor> cursors = new ArrayList<>();
    private final PriorityQueue<Head> heads;
    private @Nullable Cursor passed;
    private long left;

    private record Head(ShardKey key, Cursor cursor) {}

    private Merge(Range range) {
        Comparator<Head> order = Comparator.comparing(Head::key);
        this.heads = new PriorityQueue<>(range.descending() ? order.reversed() : order);
        this.left = range.limit();
    }

    /** Opens a cursor on each file; no more than a few pages are in memory at a time, whatever their number. */
    static Merge open(List<Shard> shards, Range range, boolean withData) throws IOException, InterruptedException {
        var merge = new Merge(range);
        int files = shards.size();
        var page = new Cursor.Page(Math.max(LEAST_ROWS, PAGE_ROWS / files), PAGE_BYTES / files);
        try {
            for (Shard shard : shards) {
                merge.add(Cursor.open(shard, range, withData, page));
            }
            return merge;
        } catch (IOException | InterruptedException | RuntimeException e) {
            merge.close();
            throw e;
        }
    }

    private void add(Cursor cursor) throws IOException, InterruptedException {
        cursors.add(cursor);
        addHead(cursor);
    }

    private void addHead(Cursor cursor) throws IOException, InterruptedException {
        Change row = cursor.head();
        if (row != null) {
            heads.add(new Head(row.key(), cursor));
        }
    }

    /** The next row; null after the last one. Closes the files with it, or if it fails. */
    @Nullable
    Change next() throws IOException, InterruptedException {
        try {
            Change next = left == 0 ? null : take();
            if (next == null || --left == 0) {
                close();
            }
            return next;
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The row before is passed only now, so that no page is read before it is needed. */
    private @Nullable Change take() throws IOException, InterruptedException {
        if (passed != null) {
            passed.advance();
            addHead(passed);
            passed = null;
        }
        Head first = heads.poll();
        if (first == null) {
            return null;
        }
        passed = first.cursor();
        return passed.head();
    }

    @Override
    public void close() {
        cursors.forEach(Cursor::close);
    }
}
