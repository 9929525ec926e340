package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** What holds for tables of any content. */
class PagePropertiesTest {
    private static final CellText SHOWN = new CellText(false, true);
    private static final Parser MARKDOWN =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    @Provide
    static Arbitrary<Rows> tables() {
        return Arbitraries.integers()
                .between(1, 8)
                .flatMap(columns -> Combinators.combine(
                                NastyTexts.any().list().ofSize(columns),
                                Arbitraries.of(CellType.class).list().ofSize(columns),
                                cells().list().ofSize(columns).list().ofMaxSize(6))
                        .as(ListRows::new));
    }

    @SuppressWarnings("NullAway") // jqwik injects nulls by an annotation of its own
    private static Arbitrary<@Nullable Object> cells() {
        return Arbitraries.oneOf(
                        NastyTexts.any().map(text -> (Object) text),
                        Arbitraries.integers().map(number -> (Object) number),
                        Arbitraries.longs().map(number -> (Object) number),
                        Arbitraries.doubles().map(number -> (Object) number),
                        Arbitraries.bigDecimals().map(number -> (Object) number),
                        Arbitraries.of(true, false).map(truth -> (Object) truth),
                        Arbitraries.of(LocalDate.EPOCH, LocalDateTime.MAX, LocalDateTime.of(2024, 1, 1, 1, 1))
                                .map(time -> (Object) time))
                .injectNull(0.1);
    }

    private static FramePrinterBuilder printer(Border border, Wide wide, int width) {
        return FramePrinter.builder().border(border).wide(wide).width(width).nulls("∅漢");
    }

    @Property(tries = 300)
    void noLineIsWiderThanTheWidth(
            @ForAll("tables") Rows rows,
            @ForAll Border border,
            @ForAll Wide wide,
            @ForAll @IntRange(min = 20, max = 100) int width,
            @ForAll Colours colours,
            @ForAll boolean index) {
        String page = printer(border, wide, width)
                .caption("All the 漢字 that there are, and more of them")
                .headerEvery(2)
                .colours(colours)
                .index(index)
                .build()
                .format(rows);

        assertThat(page).endsWith("\n");
        assertThat(page.lines()).allMatch(line -> SHOWN.width(line) <= width);
    }

    @Property(tries = 300)
    void everyCellIsThere(@ForAll("tables") Rows rows) {
        String page = printer(Border.UNICODE, Wide.WRAP, 100_000).build().format(rows);
        List<String> lines = page.lines().toList();

        assertThat(lines).hasSize(rows.rowCount() + 5);
        assertThat(lines.subList(0, rows.rowCount() + 4))
                .allMatch(line -> SHOWN.width(line) == SHOWN.width(lines.get(0)));
        for (int row = 0; row < rows.rowCount(); row++) {
            for (int column = 0; column < rows.columnCount(); column++) {
                Object cell = rows.cell(row, column);
                if (cell == null
                        || cell instanceof CharSequence
                        || cell instanceof Integer
                        || cell instanceof Boolean) {
                    assertThat(lines.get(row + 3)).contains(shown(cell == null ? "∅漢" : cell.toString()));
                }
            }
        }
    }

    private static String shown(String text) {
        var to = new Buffer(null);
        var unused = new CellText(false, false).write(text, Integer.MAX_VALUE, to);
        return to.toString();
    }

    @Property(tries = 300)
    void markdownParsesBack(
            @ForAll("tables") Rows rows, @ForAll @IntRange(min = 2, max = 4) int headerEvery, @ForAll boolean wrapped) {
        FramePrinter printer = printer(Border.MARKDOWN, Wide.WRAP, wrapped ? 300 : 100_000)
                .headerEvery(headerEvery)
                .caption("A *caption* | with `markup`")
                .build();

        assertCells(rows, merged(tables(MARKDOWN.parse(printer.format(rows))), rows));
    }

    @Property(tries = 200)
    void shortenedTablesParseBack(@ForAll("tables") Rows rows, @ForAll @IntRange(min = 20, max = 120) int width) {
        FramePrinter printer = printer(Border.MARKDOWN, Wide.TRUNCATE, width).build();

        assertCells(rows, merged(tables(MARKDOWN.parse(printer.format(rows))), rows));
    }

    @Property(tries = 200)
    void tablesWithoutTheirMiddleParseBack(
            @ForAll("tables") Rows rows, @ForAll @IntRange(min = 20, max = 120) int width) {
        String page = printer(Border.MARKDOWN, Wide.HIDE_MIDDLE, width).build().format(rows);

        List<List<String>> merged = merged(tables(MARKDOWN.parse(page)), rows);

        Matcher hidden = Pattern.compile("(\\d+) hidden\n$").matcher(page);
        int shown = rows.columnCount() - (hidden.find() ? Integer.parseInt(hidden.group(1)) : 0);
        for (int row = 0; row < rows.rowCount(); row++) {
            List<String> cells = merged.get(row);
            assertThat(cells.size()).isBetween(shown, shown + 1);
            for (int i = 0; i < shown; i++) {
                boolean first = i % 2 == 0;
                int column = first ? i / 2 : rows.columnCount() - 1 - i / 2;
                assertCell(cells.get(first ? i / 2 : cells.size() - 1 - i / 2), rows, row, column);
            }
        }
    }

    @Property(tries = 200)
    void blocksParseBack(@ForAll("tables") Rows rows, @ForAll @IntRange(min = 20, max = 120) int width) {
        FramePrinter printer = printer(Border.MARKDOWN, Wide.BLOCKS, width).build();

        List<List<List<String>>> tables = tables(MARKDOWN.parse(printer.format(rows)));

        assertThat(tables).hasSize(rows.rowCount());
        for (int row = 0; row < rows.rowCount(); row++) {
            List<List<String>> block = tables.get(row);
            assertThat(block.get(0)).containsExactly(Integer.toString(row), "");
            assertThat(block).hasSize(rows.columnCount() + 1);
            for (int column = 0; column < rows.columnCount(); column++) {
                assertText(block.get(column + 1).get(0), rows.name(column));
                assertCell(block.get(column + 1).get(1), rows, row, column);
            }
        }
    }

    private static void assertCells(Rows rows, List<List<String>> texts) {
        assertThat(texts).hasSize(rows.rowCount());
        for (int row = 0; row < rows.rowCount(); row++) {
            assertThat(texts.get(row)).as("row %d", row).hasSize(rows.columnCount());
            for (int column = 0; column < rows.columnCount(); column++) {
                assertCell(texts.get(row).get(column), rows, row, column);
            }
        }
    }

    /** A cell means what it was made of, as far as it is there. */
    private static void assertCell(String text, Rows rows, int row, int column) {
        Object cell = rows.cell(row, column);
        boolean isText = rows.type(column) == CellType.TEXT;
        if (cell == null) {
            assertText(text, "∅漢");
        } else if (cell instanceof Number number && !isText) {
            assertNumber(text, number);
        } else if (cell instanceof LocalDateTime) {
            assertThat(text.endsWith("…") || LocalDateTime.parse(text).equals(cell))
                    .as(text)
                    .isTrue();
        } else {
            assertText(text, cell.toString());
        }
    }

    private static void assertText(String text, String whole) {
        String expected = parsed(whole);
        if (text.endsWith("…") && !text.equals(expected)) {
            assertThat(expected).startsWith(trimmed(text.substring(0, text.length() - 1)));
        } else {
            assertThat(text).isEqualTo(expected);
        }
    }

    /** It reads as the same number, or one within half a unit of the sixth decimal. */
    private static void assertNumber(String text, Number number) {
        if (text.endsWith("…") || (number instanceof Double && number.equals(Double.valueOf(text)))) {
            return;
        }
        BigDecimal exact = number instanceof Double binary ? new BigDecimal(binary) : new BigDecimal(number.toString());
        BigDecimal most = text.contains("E") ? exact.abs().movePointLeft(16) : new BigDecimal("0.0000005");
        assertThat(new BigDecimal(text).subtract(exact).abs()).isLessThanOrEqualTo(most);
    }

    /** Puts the columns of each row together again; a table follows with the next rows, or begins with the next columns. */
    private static List<List<String>> merged(List<List<List<String>>> tables, Rows rows) {
        List<List<String>> merged = new ArrayList<>();
        for (int row = 0; row < rows.rowCount(); row++) {
            merged.add(new ArrayList<>());
        }
        for (List<List<String>> table : tables) {
            for (List<String> row : table.subList(1, table.size())) {
                merged.get(Integer.parseInt(row.get(0))).addAll(row.subList(1, row.size()));
            }
        }
        return merged;
    }

    /** As Markdown gives it back: controls are visible, breaks are one, and there is no blank around it. */
    private static String parsed(String text) {
        String oneBreak = text.replace("\r\n", "\n").replace('\r', '\n');
        StringBuilder shown = new StringBuilder();
        for (String line : oneBreak.split("\n", -1)) {
            shown.append(shown(line)).append('\n');
        }
        return trimmed(shown.substring(0, shown.length() - 1));
    }

    private static String trimmed(String text) {
        return text.replaceAll("^[ ]+|[ ]+$", "");
    }

    private static List<List<List<String>>> tables(Node document) {
        List<List<List<String>>> tables = new ArrayList<>();
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof TableBlock) {
                List<List<String>> rows = new ArrayList<>();
                node.accept(new AbstractVisitor() {
                    @Override
                    public void visit(CustomNode part) {
                        if (part instanceof TableRow) {
                            rows.add(new ArrayList<>());
                        } else if (part instanceof TableCell) {
                            rows.get(rows.size() - 1).add(text(part));
                        }
                        visitChildren(part);
                    }
                });
                tables.add(rows);
            }
        }
        return tables;
    }

    private static String text(Node cell) {
        var text = new StringBuilder();
        cell.accept(new AbstractVisitor() {
            @Override
            public void visit(Text node) {
                text.append(node.getLiteral());
            }

            @Override
            public void visit(HtmlInline node) {
                assertThat(node.getLiteral()).isEqualTo("<br>");
                text.append('\n');
            }
        });
        return trimmed(text.toString());
    }
}
