package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

class SourcesTest {
    private static String format(Rows rows) {
        return FramePrinter.builder()
                .border(Border.NONE)
                .width(300)
                .index(false)
                .count(false)
                .nulls("-")
                .build()
                .format(rows);
    }

    private static List<CellType> types(Rows rows) {
        List<CellType> types = new ArrayList<>();
        for (int i = 0; i < rows.columnCount(); i++) {
            types.add(rows.type(i));
        }
        return types;
    }

    @Test
    void everyTypeOfTablesawHasItsOwn() {
        assertThat(types(Rows.of(Tables.everyType())))
                .containsExactly(
                        CellType.TEXT,
                        CellType.INTEGER,
                        CellType.INTEGER,
                        CellType.INTEGER,
                        CellType.DECIMAL,
                        CellType.DECIMAL,
                        CellType.BOOLEAN,
                        CellType.TEMPORAL,
                        CellType.TEMPORAL,
                        CellType.TEMPORAL,
                        CellType.TEMPORAL,
                        CellType.TEXT);
    }

    @Test
    void whatTablesawMissesIsMissing() {
        Table table = Tables.everyType();

        for (int column = 0; column < table.columnCount(); column++) {
            assertThat(Rows.of(table).cell(3, column))
                    .as(table.column(column).name())
                    .isNull();
        }
    }

    private record Everything(
            byte b,
            @Nullable Long l,
            float f,
            @Nullable BigDecimal exact,
            boolean truth,
            char c,
            @Nullable Date date,
            @Nullable Duration duration,
            Object any,
            java.sql.@Nullable Date local) {}

    @Test
    void recordsAreReadByComponent() {
        Rows rows = Rows.ofRecords(
                Arrays.asList(
                        new Everything(
                                (byte) -1,
                                null,
                                0.1f,
                                new BigDecimal("10.50"),
                                true,
                                'x',
                                Date.from(Instant.ofEpochMilli(1_500)),
                                Duration.ofSeconds(90),
                                List.of(1),
                                java.sql.Date.valueOf("2024-02-29")),
                        new Everything((byte) 2, 3L, 1, null, false, '|', null, null, 0.5, null)),
                Everything.class);

        assertThat(types(rows))
                .containsExactly(
                        CellType.INTEGER,
                        CellType.INTEGER,
                        CellType.DECIMAL,
                        CellType.DECIMAL,
                        CellType.BOOLEAN,
                        CellType.TEXT,
                        CellType.TEMPORAL,
                        CellType.TEXT,
                        CellType.TEXT,
                        CellType.TEMPORAL);
        assertThat(format(rows)).isEqualTo("""
                 b  l    f  exact  truth  c  date                      duration  any  local
                -1  -  0.1  10.50  true   x  1970-01-01T00:00:01.500Z  PT1M30S   [1]  2024-02-29
                 2  3  1.0      -  false  |  -                         -         0.5  -
                """);
    }

    @Test
    void timesAreOfOneFraction() {
        record Moment(Object local, OffsetDateTime offset, ZonedDateTime zoned, OffsetTime time, YearMonth month) {}
        var utc = OffsetDateTime.of(2024, 2, 29, 9, 30, 0, 0, ZoneOffset.UTC);
        Rows rows = Rows.ofRecords(
                List.of(
                        new Moment(
                                LocalTime.NOON,
                                utc,
                                utc.atZoneSameInstant(ZoneId.of("Asia/Tokyo")),
                                utc.toOffsetTime(),
                                YearMonth.of(2024, 2)),
                        new Moment(
                                LocalDate.of(12_345, 1, 1),
                                utc.plusNanos(1_000),
                                utc.toZonedDateTime(),
                                utc.plusNanos(1).toOffsetTime(),
                                YearMonth.of(2024, 12))),
                Moment.class);

        assertThat(format(rows)).isEqualTo("""
                local         offset                       zoned                                  time                 month
                12:00:00      2024-02-29T09:30:00.000000Z  2024-02-29T18:30:00+09:00[Asia/Tokyo]  09:30:00.000000000Z  2024-02
                +12345-01-01  2024-02-29T09:30:00.000001Z  2024-02-29T09:30:00Z                   09:30:00.000000001Z  2024-12
                """);
    }

    @Test
    void timesFarAwayAreShownAsTheyPrintThemselves() {
        record Moment(Instant instant) {}

        assertThat(format(Rows.ofRecords(List.of(new Moment(Instant.MAX), new Moment(Instant.MIN)), Moment.class))
                        .lines())
                .containsExactly("instant", Instant.MAX.toString(), Instant.MIN.toString());
    }

    @Test
    void anAccessorThatFailsSaysWhy() {
        record Broken(int number) {
            @Override
            @SuppressWarnings("UnusedMethod") // the accessor
            public int number() {
                throw new UnsupportedOperationException("no number today");
            }
        }
        Rows rows = Rows.ofRecords(List.of(new Broken(1)), Broken.class);

        assertThatThrownBy(() -> format(rows))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("no number today");
    }

    @Test
    void aMissingRecordIsRefused() {
        record Point(int x) {}
        List<Point> points = new ArrayList<>(List.of(new Point(1), new Point(2)));
        Rows rows = Rows.ofRecords(points, Point.class);
        Collections.fill(points, null);

        assertThatThrownBy(() -> format(rows))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("record 0 is null; leave it out of the list");
    }

    @Test
    @SuppressWarnings("JdkObsolete") // it is about such lists
    void aListWithoutRandomAccessIsReadOnce() {
        record Point(int x) {}
        var points = new LinkedList<>(List.of(new Point(1), new Point(2)));
        Rows rows = Rows.ofRecords(points, Point.class);
        points.clear();

        assertThat(format(rows)).isEqualTo("x\n1\n2\n");
    }

    @Test
    void timesOfJdbcAreThoseOfJavaTime() {
        record Jdbc(java.sql.Timestamp timestamp, java.sql.Time time, java.sql.Date date) {}
        Rows rows = Rows.ofRecords(
                List.of(new Jdbc(
                        java.sql.Timestamp.valueOf("2024-02-29 09:30:00"),
                        new java.sql.Time(java.sql.Time.valueOf("09:30:00").getTime() + 250),
                        java.sql.Date.valueOf("2024-02-29"))),
                Jdbc.class);

        assertThat(format(rows)).isEqualTo("""
                timestamp            time          date
                2024-02-29T09:30:00  09:30:00.250  2024-02-29
                """);
    }

    @Test
    void aTablesawTableIsAsItIsWhenItIsPrinted() {
        Table table = Table.create("table", IntColumn.create("a", new int[] {1}));
        Rows rows = Rows.of(table);
        table.addColumns(IntColumn.create("b", new int[] {2}));

        assertThat(format(rows)).isEqualTo("a  b\n1  2\n");
    }

    private static String formatValue(int type, String typeName, Object value, Map<Class<?>, Object> converted)
            throws SQLException {
        return format(Rows.of(FakeResults.of(type, typeName, value, converted)))
                .lines()
                .toList()
                .get(1);
    }

    @Test
    void aTimeOfADatabaseKeepsItsFraction() throws SQLException {
        Object time = new java.sql.Time(java.sql.Time.valueOf("09:30:00").getTime() + 250);

        assertThat(formatValue(Types.TIME, "time", time, Map.of())).isEqualTo("09:30:00.250");
        assertThat(formatValue(Types.TIME, "time", time, Map.of(LocalTime.class, LocalTime.of(9, 30, 0, 250_001_000))))
                .isEqualTo("09:30:00.250001");
    }

    @Test
    void aMomentOfADatabaseKeepsItsOffset() throws SQLException {
        var moment = OffsetDateTime.of(2024, 2, 29, 9, 30, 0, 0, ZoneOffset.ofHours(9));
        Object timestamp = java.sql.Timestamp.from(moment.toInstant());
        Map<Class<?>, Object> converted = Map.of(OffsetDateTime.class, moment);

        for (String name : List.of("timestamptz", "TIMESTAMP(6) WITH TIME ZONE", "TIMESTAMP WITH LOCAL TIME ZONE")) {
            assertThat(formatValue(Types.TIMESTAMP, name, timestamp, converted)).isEqualTo("2024-02-29T09:30:00+09:00");
        }
        assertThat(formatValue(Types.TIMESTAMP_WITH_TIMEZONE, "x", timestamp, converted))
                .isEqualTo("2024-02-29T09:30:00+09:00");
        assertThat(formatValue(Types.TIMESTAMP_WITH_TIMEZONE, "x", timestamp, Map.of()))
                .isEqualTo("2024-02-29T00:30:00Z");
        Object local = java.sql.Timestamp.valueOf("2024-02-29 09:30:00");
        assertThat(formatValue(Types.TIMESTAMP, "TIMESTAMP WITHOUT TIME ZONE", local, converted))
                .isEqualTo("2024-02-29T09:30:00");
    }

    @Test
    void documentsAndArraysOfADatabaseAreRead() throws SQLException {
        SQLXML xml = FakeResults.fake(SQLXML.class, (method, arguments) -> "<a/>");
        Array array = FakeResults.fake(
                Array.class, (method, arguments) -> new Object[] {1, null, java.sql.Date.valueOf("2024-02-29")});
        Array numbers = FakeResults.fake(Array.class, (method, arguments) -> new int[] {1, 2});

        assertThat(formatValue(Types.SQLXML, "xml", xml, Map.of())).isEqualTo("<a/>");
        assertThat(formatValue(Types.ARRAY, "_date", array, Map.of())).isEqualTo("[1, null, 2024-02-29]");
        assertThat(formatValue(Types.ARRAY, "_int4", numbers, Map.of())).isEqualTo("[1, 2]");
    }

    @Test
    void aDatabaseIsReadToItsEnd(@TempDir Path folder) throws SQLException {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("orders.db"));
                Statement statement = database.createStatement()) {
            statement.executeUpdate(
                    "CREATE TABLE orders(id INTEGER PRIMARY KEY, symbol TEXT, price REAL, mixed, data BLOB, none TEXT)");
            statement.executeUpdate("""
                    INSERT INTO orders VALUES
                        (1, 'IBM', 231.5, 1, x'00ff', NULL),
                        (2, 'トヨタ', -1.25, 2.5, NULL, NULL),
                        (3, NULL, NULL, NULL, x'', NULL)
                    """);
            try (ResultSet results = statement.executeQuery(
                    "SELECT id, symbol AS \"which one\", price, mixed, data, none, id * 2 AS twice FROM orders ORDER BY id")) {
                Rows rows = Rows.of(results);

                assertThat(types(rows))
                        .containsExactly(
                                CellType.INTEGER,
                                CellType.TEXT,
                                CellType.DECIMAL,
                                CellType.DECIMAL,
                                CellType.TEXT,
                                CellType.TEXT,
                                CellType.INTEGER);
                assertThat(format(rows)).isEqualTo("""
                        id  which one   price  mixed  data  none  twice
                         1  IBM        231.50    1.0  00ff  -         2
                         2  トヨタ      -1.25    2.5  -     -         4
                         3  -               -      -        -         6
                        """);
                assertThat(results.isClosed() || !results.next()).isTrue();
            }
        }
    }

    @Test
    void aDatabaseWithoutRowsTellsItsTypes(@TempDir Path folder) throws SQLException {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("orders.db"));
                Statement statement = database.createStatement()) {
            statement.executeUpdate(
                    "CREATE TABLE orders(id INTEGER, symbol TEXT, price DOUBLE, at TIMESTAMP, done BOOLEAN)");
            try (ResultSet results = statement.executeQuery("SELECT * FROM orders")) {
                assertThat(types(Rows.of(results)))
                        .containsExactly(
                                CellType.INTEGER, CellType.TEXT, CellType.DECIMAL, CellType.TEMPORAL, CellType.BOOLEAN);
            }
        }
    }
}
