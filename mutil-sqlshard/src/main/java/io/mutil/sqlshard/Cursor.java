package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a range in one file, all as the file is when the cursor is opened, read a page at a time. What does not end with
 * the first page keeps a connection, beside those of the pool.
 *
 * <p>For one thread at a time; any thread may close it.
 */
final class Cursor implements AutoCloseable {
    private final Shard shard;
    private final Range range;
    private final boolean withData;
    private final Page size;
    private final Deque<Change> page = new ArrayDeque<>();

    /** Whoever sets it to BUSY has the fields below; whoever sets it to CLOSED, unless it is BUSY, lets go of them. */
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    private @Nullable ReadConnection connection;
    private @Nullable ResultSet rows;
    private long left;
    private boolean kept;
    private volatile boolean exhausted;

    private enum State {
        IDLE,
        BUSY,
        CLOSED
    }

    /** When a page is full; one row at least fits. */
    record Page(int rows, long bytes) {}

    private Cursor(Shard shard, Range range, boolean withData, Page size) {
        this.shard = shard;
        this.range = range;
        this.withData = withData;
        this.size = size;
        this.left = range.limit();
    }

    /** Opens one, and reads its first page. */
    static Cursor open(Shard shard, Range range, boolean withData, Page size) throws IOException, InterruptedException {
        shard.settle();
        var cursor = new Cursor(shard, range, withData, size);
        try {
            cursor.fill(cursor::begin);
            return cursor;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cursor.close();
            throw e;
        }
    }

    /** The row that it stands before; null after the last one. */
    @Nullable
    Change head() throws IOException, InterruptedException {
        if (page.isEmpty() && !exhausted) {
            fill(() -> {});
        }
        return page.peekFirst();
    }

    /** Goes past the head. */
    void advance() {
        page.removeFirst();
    }

    private interface Beginning {
        void run() throws SQLException, IOException, InterruptedException;
    }

    private void fill(Beginning beginning) throws IOException, InterruptedException {
        exhausted = shard.call(() -> {
            enter();
            boolean sound = false;
            boolean more = true;
            try {
                beginning.run();
                more = readPage();
                keepIf(more);
                sound = true;
                return !more;
            } catch (SQLException e) {
                throw SqlErrors.explained(e, shard.file());
            } catch (DamagedRowException e) {
                throw e.in(shard.file());
            } finally {
                leave(sound, sound && more);
            }
        });
    }

    private void begin() throws SQLException, IOException, InterruptedException {
        connection = shard.readers().borrow();
        PreparedStatement select = connection.prepared(range.select(withData));
        range.bind(select);
        rows = select.executeQuery();
    }

    /** Whether there may be more. */
    private boolean readPage() throws SQLException, IOException {
        ResultSet from = rows;
        long bytes = 0;
        for (int i = 0; i < size.rows() && bytes < size.bytes(); i++) {
            if (from == null || !from.next()) {
                return false;
            }
            Change row = row(from);
            page.addLast(row);
            bytes += row.size();
            left--;
        }
        return left > 0;
    }

    private Change row(ResultSet from) throws SQLException, IOException {
        int length = range.keyLength();
        return new Change(Columns.key(from, length), withData ? Columns.data(from, length + 1) : null);
    }

    private void keepIf(boolean more) {
        if (more && !kept) {
            shard.cursors().add(this);
            shard.readers().detach();
            kept = true;
        }
    }

    /** In the thread that reads, as one that waits for it may give up before that has begun. */
    private void enter() {
        if (!state.compareAndSet(State.IDLE, State.BUSY)) {
            throw new IllegalStateException("the stream or the store is closed; scan again");
        }
    }

    private void leave(boolean sound, boolean more) {
        if (!more || !state.compareAndSet(State.BUSY, State.IDLE)) {
            state.set(State.CLOSED);
            letGo(sound);
        }
    }

    private void letGo(boolean sound) {
        ReadConnection lent = connection;
        if (lent == null) {
            return;
        }
        connection = null;
        boolean reusable = endRows() && sound;
        if (kept) {
            shard.cursors().remove(this);
            shard.readers().attach(lent, reusable);
        } else {
            shard.readers().giveBack(lent, reusable);
        }
    }

    private boolean endRows() {
        try {
            if (rows != null) {
                rows.close();
            }
            return true;
        } catch (SQLException e) {
            // the connection is not used again
            return false;
        }
    }

    @Override
    public void close() {
        if (state.getAndSet(State.CLOSED) == State.IDLE) {
            letGo(true);
        }
    }
}
