package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalTime;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Captions, last lines, and cells that are not what their column says. */
class PageTest {
    private static FramePrinterBuilder bare() {
        return FramePrinter.builder().border(Border.NONE).width(80).index(false).count(false);
    }

    private static Rows one(CellType type, Object... cells) {
        return new ListRows(
                List.of("it"),
                List.of(type),
                List.of(cells).stream().map(List::<@Nullable Object>of).toList());
    }

    @Test
    void whatIsNotOfTheTypeOfItsColumnIsShownInFull() {
        Object time = LocalTime.of(12, 0, 0, 123_456_000);
        for (CellType type : CellType.values()) {
            assertThat(bare().build().format(one(type, time)).strip()).endsWith("12:00:00.123456");
            assertThat(bare().build().format(one(type, 1.5)).strip()).endsWith("1.5");
            assertThat(bare().build().format(one(type, 2, 0.25f)).strip()).endsWith("0.25");
            assertThat(bare().build().format(one(type, new BigDecimal("1.50"))).strip())
                    .endsWith("1.50");
        }
        assertThat(bare().decimals(0).build().format(one(CellType.INTEGER, 1.5)).strip())
                .endsWith("1.5");
    }

    @Test
    void decimalsOfAWholeNumberCanBeChosenByName() {
        assertThat(bare().decimals(1).decimals("it", 2).build().format(one(CellType.INTEGER, 7)))
                .isEqualTo("  it\n7.00\n");
        assertThat(bare().decimals(1).build().format(one(CellType.INTEGER, 7))).isEqualTo("it\n 7\n");
    }

    @Test
    void aNameThatIsCutBesideAWideCharacterStaysAligned() {
        Rows rows =
                new ListRows(List.of("漢".repeat(30)), List.of(CellType.INTEGER), List.of(List.<@Nullable Object>of(1)));
        for (int width = 20; width < 24; width++) {
            List<String> lines = FramePrinter.builder()
                    .width(width)
                    .count(false)
                    .build()
                    .format(rows)
                    .lines()
                    .toList();
            assertThat(lines).extracting(new CellText(false, false)::width).containsOnly(width);
        }
    }

    @Test
    void aCutValueOfABlockOrItsNameIsCounted() {
        Rows rows = new ListRows(
                List.of("a name that is long", "b"),
                List.of(CellType.TEXT, CellType.INTEGER),
                List.of(List.of("text", new BigInteger("1".repeat(30)))));
        FramePrinterBuilder printer = bare().count(true).wide(Wide.BLOCKS).width(30);

        assertThat(printer.build().format(rows)).endsWith("1 row, 2 columns, 1 cut\n");
        assertThat(printer.border(Border.MARKDOWN).build().format(rows)).endsWith("1 row, 2 columns, 2 cut\n");
    }

    @Test
    void theLastLineIsBrokenBeforeItIsCut() {
        List<String> names = IntStream.range(0, 12).mapToObj(i -> "column" + i).toList();
        Rows twelveColumns = new ListRows(
                names,
                Collections.nCopies(12, CellType.INTEGER),
                Collections.nCopies(4, Collections.<@Nullable Object>nCopies(12, 1)));

        assertThat(bare().count(true)
                        .wide(Wide.HIDE_MIDDLE)
                        .width(20)
                        .build()
                        .format(twelveColumns)
                        .lines()
                        .skip(5))
                .containsExactly("4 rows, 12 columns,", "10 hidden");
    }

    @Test
    void aCaptionInMarkdownIsAParagraph() {
        String[] captions = {"# Orders", "- x", "+ x", "1. x", "12) x", "> x", "---", "    x", "* x", "-", "2024"};
        for (String caption : captions) {
            String page =
                    bare().caption(caption).border(Border.MARKDOWN).build().format(one(CellType.TEXT, "b"));

            Node first = Parser.builder().build().parse(page).getFirstChild();
            assertThat(first).as(caption).isInstanceOf(Paragraph.class);
            var text = new StringBuilder();
            first.accept(new AbstractVisitor() {
                @Override
                public void visit(Text node) {
                    text.append(node.getLiteral());
                }
            });
            assertThat(text).hasToString(caption.strip());
        }
    }
}
