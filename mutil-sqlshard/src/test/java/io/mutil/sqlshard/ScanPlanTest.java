package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How SQLite goes about what is asked of it, with and without statistics of the rows. */
class ScanPlanTest {
    private static final Bound ONE = new Bound(List.of(1L), true);
    private static final ShardKey KEY = ShardKey.of("a", 1L, "x");

    private static Connection database(Path dir, boolean analysed) throws Exception {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("plan.db"));
        Connections.execute(connection, new Sql(3).createTable());
        Connections.execute(
                connection,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                        + " INSERT INTO db SELECT 'key' || i % 7, i, 'x', zeroblob(100) FROM n");
        if (analysed) {
            Connections.execute(connection, "ANALYZE");
        }
        return connection;
    }

    private static List<String> plan(Connection connection, String sql) throws Exception {
        List<String> plan = new ArrayList<>();
        try (var statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql)) {
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                plan.add(rows.getString("detail"));
            }
        }
        return plan;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void searchesTheIndexOfTheKeys(boolean analysed, @TempDir Path dir) throws Exception {
        Range all = Range.all(3);
        Range one = all.withPrefix(List.of("a"));
        try (Connection connection = database(dir, analysed)) {
            assertSearch(connection, all.withLower(ONE), "(key_0>?)");
            assertSearch(connection, all.withUpper(ONE), "(key_0<?)");
            assertSearch(connection, all.withLower(ONE).withUpper(ONE), "(key_0>? AND key_0<?)");
            assertSearch(connection, all.after(KEY), "((key_0,key_1,key_2)>(?,?,?))");
            assertSearch(connection, one, "(key_0=?)");
            assertSearch(connection, one.withLower(ONE).withUpper(ONE), "(key_0=? AND key_1>? AND key_1<?)");
            assertSearch(connection, one.after(KEY), "(key_0=? AND (key_1,key_2)>(?,?))");
            assertSearch(connection, one.until(KEY).withLower(ONE), "(key_0=? AND key_1>? AND (key_1,key_2)<(?,?))");
            assertSearch(
                    connection, all.withPrefix(List.of("a", 1L)).withUpper(ONE), "(key_0=? AND key_1=? AND key_2<?)");
            assertSearch(connection, all.withPrefix(List.of("a", 1L, "x")), "(key_0=? AND key_1=? AND key_2=?)");
        }
    }

    private static void assertSearch(Connection connection, Range range, String condition) throws Exception {
        for (boolean descending : List.of(false, true)) {
            Range either = range.withOrder(descending);
            assertThat(plan(connection, either.select(true)))
                    .containsExactly("SEARCH db USING INDEX sqlite_autoindex_db_1 " + condition);
            assertThat(plan(connection, either.select(false)))
                    .containsExactly("SEARCH db USING COVERING INDEX sqlite_autoindex_db_1 " + condition);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void followsTheIndexWhereAllRowsAreWanted(boolean analysed, @TempDir Path dir) throws Exception {
        try (Connection connection = database(dir, analysed)) {
            assertThat(plan(connection, Range.all(3).select(true)))
                    .containsExactly("SCAN db USING INDEX sqlite_autoindex_db_1");
            assertThat(plan(connection, Range.all(3).withOrder(true).select(false)))
                    .containsExactly("SCAN db USING COVERING INDEX sqlite_autoindex_db_1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void prunesWithOneSearchForEachFirstPart(boolean analysed, @TempDir Path dir) throws Exception {
        try (Connection connection = database(dir, analysed)) {
            for (boolean smallest : List.of(true, false)) {
                assertThat(plan(connection, Pruning.select(new Sql(3), smallest)))
                        .contains("SEARCH db USING COVERING INDEX sqlite_autoindex_db_1 (key_0=? AND key_1<?)")
                        .noneMatch(step -> step.contains("TEMP B-TREE") || step.equals("SCAN db"));
            }
        }
    }

    @Test
    void readsKeysWithoutRows(@TempDir Path dir) throws Exception {
        try (Connection connection = database(dir, false)) {
            assertThat(Range.all(3).select(false)).doesNotContain("data");
            assertThat(plan(connection, Range.all(3).select(false)).get(0)).contains("COVERING");
        }
    }
}
