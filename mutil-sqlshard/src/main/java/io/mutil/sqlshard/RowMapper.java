package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Makes something of a row that the statement of a {@link SqlShard#query} has found.
 *
 * @param <T> what is made
 */
@FunctionalInterface
public interface RowMapper<T> {
    /**
     * Reads the columns, the first one is 1; leaves the row where it is, and keeps nothing of it. The column {@code data} is for
     * {@link ValueCodec#decode}.
     */
    T map(ResultSet row) throws SQLException, IOException;
}
