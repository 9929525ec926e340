package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FramePrinterTest {
    private static final CellText TEXTS = new CellText(false, false);

    private record Fill(String symbol, int shares, double price) {}

    private static final List<Fill> FILLS = List.of(new Fill("IBM", 100, 231.5), new Fill("MSFT", -20, 512.25));

    private static Rows texts(String name, String... cells) {
        return new ListRows(
                List.of(name),
                List.of(CellType.TEXT),
                List.of(cells).stream().map(List::<@Nullable Object>of).toList());
    }

    private static FramePrinterBuilder bare() {
        return FramePrinter.builder().border(Border.NONE).width(80).index(false).count(false);
    }

    private static Rows wholeNumbers(int columns, int rows) {
        List<String> names =
                IntStream.range(0, columns).mapToObj(i -> "column" + i).toList();
        List<List<@Nullable Object>> cells = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            cells.add(new ArrayList<>(Collections.nCopies(columns, row)));
        }
        return new ListRows(names, Collections.nCopies(columns, CellType.INTEGER), cells);
    }

    @Test
    void printsRecordsInAFewLines() {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, false, StandardCharsets.UTF_8);

        FramePrinter.builder().width(80).build().print(Rows.ofRecords(FILLS, Fill.class), out);
        out.flush();

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("""
                ┌───┬────────┬────────┬────────┐
                │   │ symbol │ shares │  price │
                ├───┼────────┼────────┼────────┤
                │ 0 │ IBM    │    100 │ 231.50 │
                │ 1 │ MSFT   │    -20 │ 512.25 │
                └───┴────────┴────────┴────────┘
                2 rows, 3 columns
                """);
    }

    @Test
    void aLargeTableReachesTheStreamWhole() {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        Rows rows = wholeNumbers(5, 20_000);
        FramePrinter printer = FramePrinter.builder().width(80).build();

        printer.print(rows, out);
        out.flush();

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(printer.format(rows))
                .hasLineCount(20_005);
    }

    @Test
    void headersComeBackAsWideAsTheyWere() {
        List<String> lines = FramePrinter.builder()
                .width(80)
                .border(Border.ASCII)
                .headerEvery(4)
                .build()
                .format(wholeNumbers(3, 10))
                .lines()
                .toList();

        assertThat(lines.stream().filter(line -> line.contains("column1")))
                .hasSize(3)
                .containsOnly(lines.get(1));
        assertThat(lines).hasSize(1 + 3 * 2 + 10 + 2 + 1 + 1);
        assertThat(lines.subList(0, lines.size() - 1))
                .allMatch(line -> line.length() == lines.get(0).length());
    }

    @Test
    void groupsOfColumnsRepeatTheRowNumbers() {
        List<String> blocks = List.of(
                bare().index(true).width(22).build().format(wholeNumbers(4, 2)).split("\n\n", -1));

        assertThat(blocks).containsExactly("""
                   column0  column1
                0        0        0
                1        1        1""", """
                   column2  column3
                0        0        0
                1        1        1
                """);
    }

    @Test
    void aColumnThatIsTooWideIsCutAndCounted() {
        String page = bare().width(20).count(true).build().format(texts("text", "a".repeat(19), "b".repeat(21)));

        assertThat(page.lines())
                .containsExactly("text", "a".repeat(19), "b".repeat(19) + "…", "2 rows, 1 column,", "1 cut");
    }

    @Test
    void textsAreCutFairlyAndNumbersStayWhole() {
        Rows rows = new ListRows(
                List.of("short", "long", "longer", "number"),
                List.of(CellType.TEXT, CellType.TEXT, CellType.TEXT, CellType.INTEGER),
                List.of(List.of("abc", "d".repeat(30), "e".repeat(50), 1234567890)));

        String page = bare().wide(Wide.TRUNCATE).width(50).build().format(rows);

        assertThat(page.lines())
                .containsExactly(
                        "short  long             longer              number",
                        "abc    dddddddddddddd…  eeeeeeeeeeeee…  1234567890");
    }

    @Test
    void whatCannotBeCutThatFarIsWrapped() {
        Rows rows = wholeNumbers(10, 1);

        assertThat(bare().wide(Wide.TRUNCATE).width(30).build().format(rows))
                .isEqualTo(bare().wide(Wide.WRAP).width(30).build().format(rows));
    }

    @Test
    void firstAndLastColumnsStayWhenTheMiddleIsHidden() {
        String page =
                bare().wide(Wide.HIDE_MIDDLE).width(40).count(true).build().format(wholeNumbers(9, 1));

        assertThat(page).isEqualTo("""
                column0  column1  …  column7  column8
                      0        0  …        0        0
                1 row, 9 columns, 5 hidden
                """);
    }

    @Test
    void aTableThatFitsHidesNothing() {
        Rows rows = wholeNumbers(3, 2);

        for (Wide wide : new Wide[] {Wide.HIDE_MIDDLE, Wide.TRUNCATE}) {
            assertThat(bare().wide(wide).build().format(rows))
                    .isEqualTo(bare().build().format(rows));
        }
    }

    @Test
    void longValuesGoOnBelowInBlocks() {
        String page = bare().wide(Wide.BLOCKS)
                .width(24)
                .build()
                .format(texts("note", "one two three four five six seven", "x"));

        assertThat(page).isEqualTo("""
                note: one two three four
                       five six seven

                note: x
                """);
    }

    @Test
    void decimalsAreThoseThatTheDataHave() {
        Rows rows = new ListRows(
                List.of("price", "size"),
                List.of(CellType.DECIMAL, CellType.DECIMAL),
                Collections.nCopies(1, new ArrayList<>(List.of(0.5, 3))));
        Rows more = new ListRows(
                List.of("price", "size"),
                List.of(CellType.DECIMAL, CellType.DECIMAL),
                List.of(List.of(0.5, 3), List.of(1.0 / 3, 2.25)));

        assertThat(bare().build().format(rows)).isEqualTo("price  size\n  0.5     3\n");
        assertThat(bare().build().format(more)).isEqualTo("   price  size\n0.500000  3.00\n0.333333  2.25\n");
        assertThat(bare().maxDecimals(3).build().format(more)).isEqualTo("price  size\n0.500  3.00\n0.333  2.25\n");
        assertThat(bare().decimals(1).decimals("size", 0).build().format(more))
                .isEqualTo("price  size\n  0.5     3\n  0.3     2\n");
    }

    @Test
    void whatIsNotTooWideIsNotCutHoweverWideLinesMayBe() {
        for (Border border : Border.values()) {
            for (Wide wide : Wide.values()) {
                for (boolean index : new boolean[] {false, true}) {
                    FramePrinterBuilder printer =
                            FramePrinter.builder().border(border).wide(wide).index(index);

                    assertThat(printer.width(Integer.MAX_VALUE).build().format(wholeNumbers(3, 2)))
                            .isEqualTo(printer.width(1_000).build().format(wholeNumbers(3, 2)));
                }
            }
        }
    }

    @Test
    void aTableWithoutRowsHasAHeader() {
        assertThat(FramePrinter.builder().width(80).border(Border.ASCII).build().format(wholeNumbers(1, 0)))
                .isEqualTo("+---+---------+\n|   | column0 |\n+---+---------+\n+---+---------+\n0 rows, 1 column\n");
    }

    @Test
    void aTableWithoutColumnsIsOnlyCounted() {
        for (Wide wide : Wide.values()) {
            assertThat(FramePrinter.builder().width(80).wide(wide).build().format(wholeNumbers(0, 0)))
                    .isEqualTo("0 rows, 0 columns\n");
        }
    }

    @Test
    void whatIsNegativeIsRefused() {
        Rows rows = wholeNumbers(1, 1);
        Rows broken = new Rows() {
            @Override
            public int columnCount() {
                return 1;
            }

            @Override
            public int rowCount() {
                return -1;
            }

            @Override
            public String name(int column) {
                return rows.name(column);
            }

            @Override
            public CellType type(int column) {
                return rows.type(column);
            }

            @Override
            public @Nullable Object cell(int row, int column) {
                return null;
            }
        };

        assertThatThrownBy(() -> bare().build().format(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rowCount must not be negative, was -1");
    }

    @Test
    void aCellThatChangesMeanwhileIsCutToItsColumn() {
        var asked = new int[1];
        Rows rows = new ListRows(List.of("name"), List.of(CellType.TEXT), List.of(List.of(new Object() {
            @Override
            public String toString() {
                return "x".repeat(++asked[0] * 6);
            }
        })));

        assertThat(bare().border(Border.ASCII).build().format(rows).lines())
                .allMatch(line -> TEXTS.width(line) == "| xxxxxx |".length());
    }

    @Test
    void theWidthIsThatOfTheTerminalAtThatMoment() {
        var columns = new int[] {24};
        var time = new long[1];
        var terminal = new Terminal(name -> null, () -> time[0], descriptor -> columns[0]);
        FramePrinter printer = bare().terminal(terminal).build();
        FramePrinter unset = new FramePrinterBuilder()
                .terminal(terminal)
                .border(Border.NONE)
                .index(false)
                .count(false)
                .build();

        assertThat(unset.format(wholeNumbers(4, 1))).hasLineCount(5);
        columns[0] = 100;
        time[0] += 1_000_000_000;
        assertThat(unset.format(wholeNumbers(4, 1))).hasLineCount(2);
        assertThat(printer.format(wholeNumbers(10, 1))).hasLineCount(5);
    }

    @Test
    void coloursAreForTerminals() {
        var terminal = new Terminal(name -> null, () -> 0, descriptor -> 80);
        FramePrinter printer = new FramePrinterBuilder().terminal(terminal).build();
        var bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            printer.print(wholeNumbers(1, 1), System.out);
        } finally {
            System.setOut(before);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("\u001b[1mcolumn0\u001b[0m");
        assertThat(printer.format(wholeNumbers(1, 1))).doesNotContain("\u001b");
    }
}
