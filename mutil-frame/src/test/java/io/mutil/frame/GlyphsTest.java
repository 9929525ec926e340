package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlyphsTest {
    /** Of each class that joins something, in all orders; skin tones only behind an emoji, where ours joins too. */
    private static final String[] PARTS = {
        "a",
        "é",
        "e\u0301",
        "漢",
        "ｆ",
        "½",
        "1",
        "#",
        "1\ufe0f\u20e3",
        "\u200d",
        "\ufe0e",
        "\u0301",
        "\u093e",
        "ำ",
        "க\u0bbe",
        "ﾊﾞ",
        "❤\u0301\ufe0f",
        "❤",
        "❤\ufe0f",
        "⌈",
        "😀",
        "👍🏽",
        "☝🏽",
        "👩\u200d👩\u200d👧",
        "🏴\u200d☠\ufe0f",
        "🇩",
        "🇩🇪",
        "ᄒ",
        "ᅡ",
        "ᆫ",
        "가",
        "각",
        "\u200b",
        "\u2060",
        "⎈",
        "\u0e04\u0e49",
        " "
    };

    private static int width(String text) {
        return new CellText(false, false).width(text);
    }

    private static List<String> clusters(String text) {
        List<String> clusters = new ArrayList<>();
        Glyphs glyphs = new Glyphs(false).of(text, 0);
        while (glyphs.next()) {
            clusters.add(text.substring(glyphs.start(), glyphs.end()));
        }
        return clusters;
    }

    private static List<String> clustersOfIcu(String text) {
        List<String> clusters = new ArrayList<>();
        BreakIterator iterator = BreakIterator.getCharacterInstance(Locale.ROOT);
        iterator.setText(text);
        int from = iterator.first();
        for (int to = iterator.next(); to != BreakIterator.DONE; to = iterator.next()) {
            clusters.add(text.substring(from, to));
            from = to;
        }
        return clusters;
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(PARTS).list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    @Property
    void clustersAreThoseOfUnicode(@ForAll("texts") String text) {
        List<String> clusters = clustersOfIcu(text);
        Assume.that(clusters.stream().allMatch(cluster -> width(cluster) <= Glyphs.WIDEST));

        assertThat(clusters(text)).isEqualTo(clusters);
    }

    @Property
    void nothingIsLostOrShownTwice(@ForAll String text) {
        assertThat(String.join("", clusters(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "a, 1",
        "é, 1",
        "e\u0301, 1",
        "漢字, 4",
        "ｆ, 2",
        "ﾊ, 1",
        "½, 1",
        "α, 1",
        "…, 1",
        "─, 1",
        "한국, 4",
        "\u1112\u1161\u11ab, 2",
        "❤, 1",
        "❤\ufe0f, 2",
        "1\ufe0f\u20e3, 2",
        "#\ufe0f, 2",
        "a\ufe0f, 1",
        "😀, 2",
        "👍🏽, 2",
        "☝🏽, 2",
        "🏽, 2",
        "a🏽, 3",
        "👩\u200d👩\u200d👧\u200d👦, 2",
        "⛓\u200d💥, 2",
        "👩\u200da, 3",
        "🇩🇪, 2",
        "🇩, 2",
        "🇩🇪🇫🇷, 4",
        "🇩🇪🇫, 4",
        "\u200b, 0",
        "\ufeff, 0",
        "\u00ad, 1",
        "ครับ, 3",
        "น้ำ, 2",
        "क्षि, 3",
        "한글, 4",
        "\ud83d, 1",
        "\ude00\ud83d, 2",
        "\u202e, 8",
        "\u0085, 8",
        "\u2028, 8",
        "\u007f, 1"
    })
    void widthIsThatOfATerminal(String text, int width) {
        assertThat(width(text)).isEqualTo(width);
    }

    @Test
    void noGlyphIsWiderThanTheNarrowestLineHasRoomFor() {
        for (String part : List.of("ᄀ", "ា", "\u302e", "ﾞ", "가", "\u0bbe")) {
            Glyphs glyphs = new Glyphs(false).of("ᄀ" + part.repeat(50), 0);
            while (glyphs.next()) {
                assertThat(glyphs.width()).as(part).isLessThanOrEqualTo(Glyphs.WIDEST);
            }
        }
    }

    @Test
    void aSelectorThatSelectsForNothingIsVisible() {
        assertThat(width("\ufe0f")).isEqualTo(8);
        assertThat(width("❤\u200b\ufe0f")).isEqualTo(9);
        assertThat(width("\u0301\ufe0f\ufe0f")).isEqualTo(16);
        assertThat(new CellText(false, true).width("❤\u001b[31m\ufe0f")).isEqualTo(9);
        assertThat(width("❤\u001b[31m\ufe0f")).isEqualTo(2);
    }
}
