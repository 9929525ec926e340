package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes the rows of a shard whose second key part is below a bound. The index of the keys orders these by their first part, so it is
 * searched once for every first part, and not read as a whole.
 */
final class Pruning implements FanOut.Task<Long> {
    private final Object before;

    Pruning(Object before) {
        this.before = before;
    }

    @Override
    public Long on(Shard shard, Cancellation cancellation) throws IOException, InterruptedException {
        shard.settle();
        List<ShardKey> keys = keys(shard, null);
        long removed = remove(keys, shard);
        // fewer were all, so that it ends even if others keep putting such rows
        while (keys.size() == Removal.BATCH) {
            cancellation.check();
            keys = keys(shard, keys.get(keys.size() - 1).raw(0));
            removed += remove(keys, shard);
        }
        return removed;
    }

    private static long remove(List<ShardKey> keys, Shard shard) throws IOException, InterruptedException {
        return keys.isEmpty() ? 0 : shard.write(Removal.write(keys));
    }

    private List<ShardKey> keys(Shard shard, @Nullable Object from) throws IOException, InterruptedException {
        return shard.read(connection -> keys(connection, from));
    }

    private List<ShardKey> keys(ReadConnection connection, @Nullable Object from) throws SQLException, IOException {
        PreparedStatement select = connection.prepared(select(connection.sql(), from == null));
        int at = 1;
        if (from != null) {
            Columns.bindPart(select, at++, from);
        }
        Columns.bindPart(select, at++, before);
        select.setInt(at, Removal.BATCH);
        List<ShardKey> keys = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                keys.add(Columns.key(rows, connection.sql().keyLength()));
            }
        }
        return keys;
    }

    /** Parameters: the first part to begin with, unless it is the smallest; the bound; how many. CROSS JOIN keeps the order. */
    static String select(Sql sql, boolean fromSmallest) {
        return "WITH RECURSIVE firsts(part) AS (SELECT min(key_0) FROM db" + (fromSmallest ? "" : " WHERE key_0 >= ?")
                + " UNION ALL SELECT (SELECT min(key_0) FROM db WHERE key_0 > part) FROM firsts WHERE part IS NOT NULL)"
                + " SELECT " + sql.keys() + " FROM firsts CROSS JOIN db ON key_0 = part AND key_1 < ? LIMIT ?";
    }
}
