package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacter.EastAsianWidth;
import com.ibm.icu.lang.UCharacter.GraphemeClusterBreak;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UProperty;
import org.junit.jupiter.api.Test;

/** The table is what ICU knows of the same version of Unicode. */
class CodePointsTest {
    @Test
    void icuHasTheVersionOfTheTable() {
        assertThat(UCharacter.getUnicodeVersion()).hasToString("17.0.0.0");
    }

    @Test
    void everyCodePointIsClassifiedByItsProperties() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (CodePoints.classOf(c) != expected(c)) {
                assertThat((char) CodePoints.classOf(c)).as("U+%04X", c).isEqualTo((char) expected(c));
            }
        }
    }

    private static byte expected(int c) {
        int category = UCharacter.getType(c);
        if (c < 0x20 || c == 0x7F) {
            return CodePoints.CONTROL;
        }
        if (category == UCharacterCategory.CONTROL
                || category == UCharacterCategory.LINE_SEPARATOR
                || category == UCharacterCategory.PARAGRAPH_SEPARATOR
                || has(c, UProperty.BIDI_CONTROL)) {
            return CodePoints.HIDDEN;
        }
        if (category == UCharacterCategory.SURROGATE) {
            return CodePoints.SURROGATE;
        }
        return has(c, UProperty.EMOJI_MODIFIER) ? CodePoints.MODIFIER : byBreak(c, category);
    }

    private static byte byBreak(int c, int category) {
        int breaks = UCharacter.getIntPropertyValue(c, UProperty.GRAPHEME_CLUSTER_BREAK);
        return switch (breaks) {
            case GraphemeClusterBreak.SPACING_MARK -> spacing(c);
            case GraphemeClusterBreak.ZWJ -> CodePoints.JOINER;
            case GraphemeClusterBreak.EXTEND -> isWithoutWidth(category) ? CodePoints.EXTEND : spacing(c);
            case GraphemeClusterBreak.REGIONAL_INDICATOR -> CodePoints.REGIONAL;
            case GraphemeClusterBreak.L -> CodePoints.HANGUL_L;
            case GraphemeClusterBreak.V -> isConjoining(c) ? CodePoints.HANGUL_V : byWidth(c);
            case GraphemeClusterBreak.T -> isConjoining(c) ? CodePoints.HANGUL_T : byWidth(c);
            case GraphemeClusterBreak.LV, GraphemeClusterBreak.LVT -> CodePoints.HANGUL_SYLLABLE;
            // a soft hyphen is drawn, and a prepended character too
            case GraphemeClusterBreak.CONTROL -> c == 0xAD ? CodePoints.NARROW : CodePoints.FORMAT;
            case GraphemeClusterBreak.OTHER ->
                // terminals draw the fillers of Hangul, which are letters
                has(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT) && category != UCharacterCategory.OTHER_LETTER
                        ? CodePoints.FORMAT
                        : byWidth(c);
            default -> byWidth(c);
        };
    }

    private static boolean isWithoutWidth(int category) {
        return category == UCharacterCategory.NON_SPACING_MARK
                || category == UCharacterCategory.ENCLOSING_MARK
                || category == UCharacterCategory.FORMAT;
    }

    private static byte spacing(int c) {
        return byWidth(c) == CodePoints.WIDE ? CodePoints.WIDE_SPACING : CodePoints.SPACING;
    }

    /** Vowels of Kirat Rai break as those of Hangul, but stand beside what is before them. */
    private static boolean isConjoining(int c) {
        return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF);
    }

    private static byte byWidth(int c) {
        int width = UCharacter.getIntPropertyValue(c, UProperty.EAST_ASIAN_WIDTH);
        boolean wide = width == EastAsianWidth.WIDE || width == EastAsianWidth.FULLWIDTH;
        boolean emoji = has(c, UProperty.EMOJI);
        if (has(c, UProperty.EXTENDED_PICTOGRAPHIC)) {
            return wide ? CodePoints.WIDE_PICTOGRAPH : emoji ? CodePoints.NARROW_EMOJI : CodePoints.NARROW_PICTOGRAPH;
        }
        return emoji ? CodePoints.KEY : wide ? CodePoints.WIDE : CodePoints.NARROW;
    }

    private static boolean has(int c, int property) {
        return UCharacter.hasBinaryProperty(c, property);
    }
}
