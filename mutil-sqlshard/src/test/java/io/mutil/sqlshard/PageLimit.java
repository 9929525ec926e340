package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** Lets the file of a store with one shard grow so far only, as if the disk were full. */
final class PageLimit {
    private final Connection writing;

    private PageLimit(Connection writing) {
        this.writing = writing;
    }

    static PageLimit of(SqlShard<?> store) throws IOException, InterruptedException {
        return new PageLimit(store.allShards().get(0).write(Write.of(0, 0, WriteConnection::jdbc)));
    }

    /** SQLite never makes the limit smaller than the file is. */
    void set(int pages) throws SQLException {
        Connections.execute(writing, "PRAGMA max_page_count = " + pages);
    }
}
