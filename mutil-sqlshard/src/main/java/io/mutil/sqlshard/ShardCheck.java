package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for what is wrong in the file of one shard: a page of rows at a time, so that the log can be written back between. */
final class ShardCheck {
    private static final int MOST_PROBLEMS = 100;
    private static final int PAGE_ROWS = 256;
    private static final long PAGE_BYTES = 4 << 20;

    private final Shard shard;
    private final CheckedStore store;
    private final ValueCodec<?> codec;
    private final List<String> problems = new ArrayList<>();
    private long rows;
    private long last = Long.MIN_VALUE;

    /** A row as it was read; the problem is set if it has no key or no data. */
    private record Found(
            long id, @Nullable Change row, @Nullable String problem) {}

    ShardCheck(Shard shard, CheckedStore store, ValueCodec<?> codec) {
        this.shard = shard;
        this.store = store;
        this.codec = codec;
    }

    ShardReport run() throws IOException, InterruptedException {
        shard.settle();
        try {
            if (!Files.exists(shard.file())) {
                problem("the file was removed while the store is open; close the store and restore it from a backup");
            }
            shard.read(this::checkStructure);
            checkRows();
        } catch (IOException e) {
            problem(String.valueOf(e.getMessage()));
        }
        return new ShardReport(shard.index(), shard.file(), rows, problems);
    }

    private void problem(String text) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(text);
        } else if (problems.size() == MOST_PROBLEMS) {
            problems.add("there are more problems");
        }
    }

    private boolean checkStructure(ReadConnection connection) throws SQLException {
        try (Statement statement = connection.jdbc().createStatement();
                ResultSet found = statement.executeQuery("PRAGMA integrity_check(" + MOST_PROBLEMS + ")")) {
            while (found.next()) {
                String text = found.getString(1);
                if (!"ok".equals(text)) {
                    problem("SQLite's integrity check: " + text);
                }
            }
        }
        checkMetadata(Metadata.read(connection.jdbc()));
        return problems.isEmpty();
    }

    private void checkMetadata(@Nullable Metadata found) {
        String id = store.id();
        Metadata wanted =
                id == null ? null : new Metadata(Metadata.VERSION, id, store.shape(), shard.index(), Metadata.HASH);
        if (wanted == null ? found != null : !wanted.equals(found)) {
            problem("the metadata are not those that the store was opened with; close it and open it again");
        }
    }

    private void checkRows() throws IOException, InterruptedException {
        List<Found> page;
        do {
            page = shard.read(this::readPage);
            page.forEach(this::check);
        } while (!page.isEmpty());
    }

    private List<Found> readPage(ReadConnection connection) throws SQLException {
        PreparedStatement select = connection.prepared(connection.sql().pageByRowid());
        select.setLong(1, last);
        select.setInt(2, PAGE_ROWS);
        List<Found> page = new ArrayList<>();
        try (ResultSet found = select.executeQuery()) {
            long bytes = 0;
            while (bytes < PAGE_BYTES && found.next()) {
                Found next = found(found);
                page.add(next);
                bytes += next.row() == null ? 0 : next.row().size();
                last = next.id();
            }
        }
        return page;
    }

    private Found found(ResultSet row) throws SQLException {
        int keyLength = store.shape().keyLength();
        long id = row.getLong(keyLength + 2);
        try {
            ShardKey key = Columns.key(row, keyLength);
            return new Found(id, new Change(key, Columns.data(row, keyLength + 1)), null);
        } catch (IOException | IllegalArgumentException e) {
            return new Found(id, null, e.getMessage());
        }
    }

    private void check(Found found) {
        rows++;
        String problem = found.row() == null ? found.problem() : problem(found.row());
        if (problem != null) {
            problem("rowid " + found.id() + ": " + problem);
        }
    }

    private @Nullable String problem(Change row) {
        int home = store.shape().shardOf(row.key());
        if (home != shard.index()) {
            return "its key belongs to shard " + home
                    + ", so it is never found; put it again and remove it here with SQL";
        }
        try {
            byte[] data = row.data();
            if (data != null) {
                codec.decode(data);
            }
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
