package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellTextTest {
    private static final String RED = "\u001b[31m";
    private static final String RESET = "\u001b[0m";
    private static final String LINK = "\u001b]8;;https://example.org\u001b\\";
    private static final String NO_LINK = "\u001b]8;;\u001b\\";

    private final CellText plain = new CellText(false, false);
    private final CellText coloured = new CellText(false, true);
    private final CellText markdown = new CellText(true, false);

    private static String write(CellText texts, String text, int most) {
        var to = new Buffer(null);
        int width = texts.write(text, most, to);
        assertThat(width).isEqualTo(new CellText(false, true).width(to.toString()));
        return to.toString();
    }

    @Provide
    static Arbitrary<String> nasty() {
        return NastyTexts.any();
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef, 6, abcdef",
        "abcdef, 5, abcd…",
        "abcdef, 1, …",
        "漢字漢字, 8, 漢字漢字",
        "漢字漢字, 7, 漢字漢…",
        "漢字漢字, 6, 漢字…",
        "漢字, 1, …",
        "👩\u200d👩\u200d👧!!, 3, 👩\u200d👩\u200d👧…",
        "🇩🇪🇫🇷, 3, 🇩🇪…",
        "e\u0301e\u0301e\u0301, 2, e\u0301…"
    })
    void whatIsTooWideIsCutBetweenClusters(String text, int most, String shown) {
        assertThat(write(plain, text, most)).isEqualTo(shown);
    }

    @Test
    void controlsAreVisible() {
        assertThat(write(plain, "a\tb\nc\r\u0000\u007f\u001b[2J", 99)).isEqualTo("a␉b␊c␍␀␡␛[2J");
        assertThat(write(plain, "\u202eabc\u2028\u009b\ud800", 99)).isEqualTo("\\u{202E}abc\\u{2028}\\u{009B}\uFFFD");
    }

    @Test
    void coloursThatACellLeavesOpenAreClosed() {
        assertThat(write(coloured, RED + "loss", 9)).isEqualTo(RED + "loss" + RESET);
        assertThat(write(coloured, RED + "loss" + RESET, 9)).isEqualTo(RED + "loss" + RESET);
        assertThat(write(coloured, RED + "loss\u001b[m", 9)).isEqualTo(RED + "loss\u001b[m");
        assertThat(write(coloured, RED + "heavy loss" + RESET, 6)).isEqualTo(RED + "heavy…" + RESET);
    }

    @Test
    void linksAndStylesThatMayHideTextAreDropped() {
        assertThat(write(coloured, LINK + "a page" + NO_LINK, 4)).isEqualTo("a p…");
        for (String style : List.of("8", "5", "7", "31;8", "38;5", "38;8", "38;2;1;2", "4:3", "38;5;x", "1000")) {
            assertThat(write(coloured, "\u001b[" + style + "mtext", 9))
                    .as(style)
                    .doesNotContain("\u001b");
        }
        for (String style : List.of("1", "01;31", "38;5;8", "48;2;8;8;8;1", "38:2::8:8:8", "0;97;107", ";39;49")) {
            assertThat(write(coloured, "\u001b[" + style + "mtext", 9))
                    .as(style)
                    .isEqualTo("\u001b[" + style + "mtext" + RESET);
        }
    }

    @Test
    void whatIsDroppedLeavesNoSequenceBehind() {
        assertThat(write(coloured, "\u001b\u001b[8m[8mtext", 9)).isEqualTo("␛[8mtext");
        assertThat(write(coloured, "🇩\u001b[8m🇪", 9)).isEqualTo("🇩🇪");
    }

    @Test
    void escapeSequencesAreDroppedWithoutColours() {
        assertThat(write(plain, RED + "loss" + RESET + LINK + "page" + NO_LINK, 8))
                .isEqualTo("losspage");
    }

    @Test
    void sequencesThatDoMoreThanColourAreVisible() {
        assertThat(write(coloured, "\u001b[1A\u001b]0;title\u0007\u001b]8;x\u0007\u001b[31", 99))
                .isEqualTo("␛[1A␛]0;title␇␛]8;x␇␛[31");
    }

    @Test
    void markupOfMarkdownIsEscaped() {
        assertThat(write(markdown, "a|b\\c*d`e[f](g)<h>~i", 99)).isEqualTo("a\\|b\\\\c\\*d\\`e\\[f\\](g)\\<h>\\~i");
        assertThat(write(markdown, "order_id _x_ AT&T &amp; &#65; &", 99))
                .isEqualTo("order_id \\_x\\_ AT&T \\&amp; \\&#65; &");
        assertThat(write(markdown, "1\n2\r\n3\r4", 99)).isEqualTo("1<br>2<br>3<br>4");
        assertThat(write(markdown, "a|||", 5)).isEqualTo("a\\|…");
    }

    @Test
    void addressesInMarkdownBecomeNoLinksByThemselves() {
        assertThat(write(markdown, "https://x.org/_a*b www.x.org WWW.x 1.5: a:b", 99))
                .isEqualTo("https\\://x.org/\\_a\\*b www\\.x.org WWW\\.x 1.5: a:b");
    }

    @Property
    void aTextIsNeverWiderThanItsRoom(@ForAll("nasty") String text, @ForAll @IntRange(min = 1, max = 40) int most) {
        for (CellText texts : new CellText[] {plain, coloured, markdown}) {
            String written = write(texts, text, most);

            int whole = texts.width(text);
            assertThat(coloured.width(written))
                    .isBetween(whole <= most ? whole : most - Glyphs.WIDEST, Math.min(whole, most));
            assertThat(written).doesNotContain("\n", "\r", "\t");
            if (texts.width(text) > most) {
                assertThat(written).contains("…");
            }
        }
    }

    @Property
    void partsMakeTheWhole(@ForAll("nasty") String text, @ForAll @IntRange(min = 8, max = 12) int most) {
        var parts = new Buffer(null);
        String ready = plain.ready(text);
        int from = 0;
        do {
            int before = parts.length();
            int rest = plain.writePart(ready, from, most, parts);
            assertThat(plain.width(parts.toString().substring(before))).isLessThanOrEqualTo(most);
            assertThat(rest > from || ready.isEmpty()).isTrue();
            from = rest;
        } while (from < ready.length());

        assertThat(parts.toString()).isEqualTo(write(plain, text, Integer.MAX_VALUE));
    }

    @Property
    void asciiTextsAreThemselves(@ForAll("printable") String text) {
        assertThat(write(plain, text, Math.max(1, text.length()))).isEqualTo(text);
    }

    @Provide
    static Arbitrary<String> printable() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(60);
    }
}
