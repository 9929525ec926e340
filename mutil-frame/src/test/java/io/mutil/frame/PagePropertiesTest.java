package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
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
                if (cell == null || cell instanceof CharSequence || cell instanceof Integer) {
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

        List<List<List<String>>> tables = tables(MARKDOWN.parse(printer.format(rows)));

        List<List<String>> merged = merged(tables, rows);
        assertThat(merged).hasSize(rows.rowCount());
        for (int row = 0; row < rows.rowCount(); row++) {
            assertThat(merged.get(row)).as("row %d", row).hasSize(rows.columnCount());
            for (int column = 0; column < rows.columnCount(); column++) {
                Object cell = rows.cell(row, column);
                if (cell == null || cell instanceof CharSequence) {
                    assertThat(merged.get(row).get(column)).isEqualTo(parsed(cell == null ? "∅漢" : cell.toString()));
                }
            }
        }
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
