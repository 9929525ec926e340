package io.mutil.frame;

import java.util.Arrays;

/**
 * What a code point does in a line of a terminal, by Unicode 17.0: East_Asian_Width (ambiguous is narrow), Grapheme_Cluster_Break,
 * Emoji, Emoji_Modifier, Extended_Pictographic, Bidi_Control, Default_Ignorable_Code_Point and General_Category. Tables of the JDK
 * would differ from one JDK to the next.
 */
final class CodePoints {
    static final byte NARROW = 'N';
    static final byte WIDE = 'W';
    /** Joins what is before it: marks without width, variation selectors, tags. */
    static final byte EXTEND = 'X';
    /** Joins what is before it too, and takes a cell of its own: vowel signs of Indic scripts, half-width marks of kana. */
    static final byte SPACING = 'S';
    /** The same with two cells. */
    static final byte WIDE_SPACING = 'O';

    static final byte JOINER = 'Z';
    /** Skin tones: join an emoji, are one elsewhere. */
    static final byte MODIFIER = 'M';

    static final byte REGIONAL = 'R';
    static final byte HANGUL_L = 'L';
    /** Vowels, and final consonants, of conjoining Hangul: part of the syllable before them. */
    static final byte HANGUL_V = 'V';

    static final byte HANGUL_T = 'T';
    static final byte HANGUL_SYLLABLE = 'H';
    /** Pictographs: wide, emoji that are narrow without variation selector 16, and those that are no emoji. */
    static final byte WIDE_PICTOGRAPH = 'G';

    static final byte NARROW_EMOJI = 'E';
    static final byte NARROW_PICTOGRAPH = 'Q';
    /** Emoji with variation selector 16, but no pictographs: digits, {@code #} and {@code *}. */
    static final byte KEY = 'D';
    /** Takes no width, and joins nothing. */
    static final byte FORMAT = 'F';
    /** Controls that have pictures: those of ASCII. */
    static final byte CONTROL = 'C';
    /** Controls that are written as escapes: of C1 and of directions, line and paragraph separators. */
    static final byte HIDDEN = 'U';

    static final byte SURROGATE = 'B';

    /** Runs from code point 0 on: length in base 36, then class. */
    private static final String RUNS = """
            wC3N1D6N1D5NaD1xN1CwU9N1E4N1EghN34X7nN7X7bN19X1N1X1N2X1N2X1N1X20NbX1N1U1aNlXgN1X2tN7X2N6X2N2X1N4XzN1XuNr\
            X2jNbX1mN9X9N1XoN4X1N9X1N3X1N5X17N3X1nN9X16NoX1NwX1S1iN1X1S1X1N3S8X4S1X2S1N7XaN2XtN1X2S1kN1X1N3S4X2N2S2N\
            2S1X9N1SaN2XqN1X2N2X1S1kN1X1N3S2X4N2X2N3X3N1XuN2X3N1XbN2X1S1kN1X1N3S5X1N2X1S1N2S1XkN2XmN6X1N1X2S1kN1X1N1\
            S1X1S4X2N2S2N2S1X7N2X1SaN2XuN1X1nN2S1X2S3N3S1N3S1X9N1S14N1X3S1X1jN1X1N3X4S1N3X1N4X7N2XbN2XtN1X2S1kN1X1N1\
            S1X5S1N1X2S1N2S2X7N2SbN2XfN1ScN2X2S1jN2X1N3S4X1N3S1N3S1X9N1SaN2XtN1X2S1yN1X4N3S3X1N1X1N8SiN2S1pN1X1N1S7X\
            cN8X2qN1X1N1S9XbN7X21N2XrN1X1N1X1N1X4N2S1dNeX1S5X1N2X5NbX1N10X9N1X2uN4X1S6X1N2X2S2XnN2S2X4N3XgN4XdN1X1N1\
            S2X6N1XfN1X2qN2oL20V2gT9pN3XqaN3X1SsN2X1StN2XuN2X1sN2X1S7X8S1X2SbX9N1X19N3X1F1X39N2XyN1X3aN3X4S2X3S4N2S1\
            X6S3X63N2X2S1X1lN1S1X1S7X1N1X1N1X2N8X6SaX2N1X1cN1aX2NcXkN4X1S1bN1X1S5X1S1X5S1X2S12N9XcN2X1SuN1S4X2S2X1S3\
            X1kN1X1S2X3S1X1S3X2S1cN8S8X2S2X48N3X1NdX1S7X4N1X6N1X2N1S2X5iN1sXejN1F1X1Z2UoN7UdN1EcN1EmN6F4U6F2oNxX1dN1\
            EmN1E2iN6EfN2Ea7N2GcN1E2W4kN1EpN4G3E1G2E1G4N3E5jN1E6fN2EaN1E9N1E1mN2E2G1N5E9N1E2N1E2N2G2N1E4N1E2N1E1N2E2\
            N1E3N1E3N2E8W3E5N1E1N1E5NcGbN2E2N1E1N2E1N1EiN1E2N1E1GaN6W2N1E1G4E1N1E1N2E3N1E1G5N1E2N2G4N2EbN2G5N2G2N1E5\
            N1G1E1N1E1N1E1GkN1E1G5N2E2G1E1G1N3E1G2N1G4N1E2N1G2N2E2G2E1N1E2N1E1N1E1N1E6N1E3N1E6N1GaN2EfN1E2N1E4N1G1N1\
            G4N3G1N1GbN2E1cN3G9N1EeN1GeN1GacN2EcvN3EjN2G1fN1G4N1GbdN3X3xN1X2oNwX3kNqW1N2hWcN5yWqN1mW4X2O1GcW1G1W2N2e\
            W2N2X2tW5N17W1N2mW1N2eW9N1cW1N14W8N1zW1G1W1GmibW3N1jWbsN4X1NaXwN2X28N2X7kN1X3N1X4N1XnN2S2X1S4N1X2bN2S1eN\
            gS2XqNiXdN1X12N8XpNbX2ScNtL3N3X1S1bN1X2S4X2S2X3S10N1X1vN6X2S2X2S2XcN1X8N1X1S1aN1X1fN1X1N3X2N2X5N2X1N1X15\
            N1S2X2S5N1S1X6kN2S1X2S1X2S1N1S1XiN8mcHcNnV4N1dT4N1kwB4xsNe8WuN1XkhNgXaW6NgXzW1NjW1N4W43N1F1N2oW1pN2S1sN7\
            W9NcFe9N1X6aN1X45N5X1aeN3X1N2X5N4X14N3X4N1X4lN2XfxN4X1tN5X8tN2X25N6X1yNbX1dN4X3eN1S1X1S1hNfX15N1X2N2XaN3\
            X1S19N3S4X2S2X7N1X1pN3X10N5X1S8XgN2S18N1XcN2X1S1cN3S9X2S8N4X1N1S1X2kN3S3X2S1X1S2X6N1X2N1X4dN1X3S8XlN2X2S\
            1jN2X1N2S1X4S2N2S2N3S9N1SaN2S2N7X3N5X1vN3S6X1N1S2N1S1N4S1N2S1X1S1X1N1XeN2X2aN3S8X2S3X1S1XnN1X29N3S6X1S1X\
            4S2X1S2X6jN3S4X2N4S2X1S2XrN2X2aN3S8X2S1X1S2X2yN1X1S1X2S6X1S1X2tN1X1S1X2N4X1S5X74N3S9X1S2X6tN6S1N2S2N2X1S\
            1X1N1S1N1S1X3xN3S4X2N2X4S1X3N1SsNaX14N6X1S1N4X8N1X9N6X2S3X1aNdX1S2X5iN1X1S3X1S1X1S5jN1S7X1N6X1S1X2aNmX1N\
            1S7X1S2X1S2X3eN6X3N1X1N2X1N7X1N1X1uN5S1N2X1N2S1X1S1X9nN2X2S9N2X1N1S1cN2S5X3N2S1X1S1XnN1X445NgF1X6NfX8ugN\
            cX3S3X1xcN5X1nN7Xt4N1X1N1jS7N4X25N4W1XbN2O5W9N5p2W15NwW2pN37W6ppN4W1N7W1N2W1N83WfN1WtN3W2N1WeN4W8Nb0W1wh\
            N2X1N4F3mkN1aX2NnXf2N2S3X3N6S8F8X2N7XuN4X44N3X57N2fW9NnW1ahN1jX4N1eX8N1XeN1XmN5X1NfX11sN7X1NhX2N7X1N2X1N\
            5X2sN1X4gN7XafN1X1pN4Xe4N4X72N2X6rN1X2N1X7N2X5N1Xd6N7X31N7X1btN1G13N4Q2sNcQfN2QfN1QeN1G1Q11NaQ34N2EcN2Ee\
            N1G2NaGjN1kQqR1W2GdQaW1GkW1G2W9G1W4Q9W7Q2GeQ6W4aQxG1E2N9E9G1E1yG1EmG2N2E1N3E2N2E17G4E5GcEhG2N1E1G1E1N1E3\
            G5M1rG1E1G1E57G1E1N1rGbN2E4G1NoG7N2E2N7E1GcN1E2N4E2N1E4N2GdN1G1E2N1E8N2E9N1E5N3EcN3E8N3E2N1E1N1E4N1E6N1E\
            3N1E6N1E2dG1cN1yG5N1E1G3E3G2N4G3Q4G6E3N1E1N2G3Q1E2N1E9G3Q62N6QcG4Q1GfQcN4Q1kN8QaN6Q14N8QuN2QcN4Q2NeQ9N13\
            QcN1bG1NaG1N55G2gN8QeN2QdG3QbG3Q1lG1Q1G4QgG2QcG4QaG7Q74NseQ2N1ekeW2N1ekeWe1oiNwF2oX3kF6oX2s0F44jkN\
            """;

    private static final int PAGE = 256;
    private static final short[] PAGES = new short[(Character.MAX_CODE_POINT + 1) / PAGE];
    private static final byte[] CLASSES = unpack();

    private CodePoints() {}

    /** One of the constants above. */
    static byte classOf(int codePoint) {
        return CLASSES[PAGES[codePoint / PAGE] * PAGE + codePoint % PAGE];
    }

    /** How many cells it takes alone, 0 to 2. */
    static int widthOf(byte type) {
        return switch (type) {
            case WIDE, WIDE_SPACING, WIDE_PICTOGRAPH, MODIFIER, REGIONAL, HANGUL_L, HANGUL_SYLLABLE -> 2;
            case EXTEND, JOINER, FORMAT, HANGUL_V, HANGUL_T -> 0;
            default -> 1;
        };
    }

    static boolean isPictograph(byte type) {
        return type == WIDE_PICTOGRAPH || type == NARROW_EMOJI || type == NARROW_PICTOGRAPH;
    }

    private static byte[] unpack() {
        var all = new byte[Character.MAX_CODE_POINT + 1];
        int from = 0;
        int length = 0;
        for (int i = 0; i < RUNS.length(); i++) {
            char c = RUNS.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                Arrays.fill(all, from, from + length, (byte) c);
                from += length;
                length = 0;
            } else {
                length = length * 36 + Character.digit(c, 36);
            }
        }
        return folded(all);
    }

    /** Keeps equal pages once. */
    private static byte[] folded(byte[] all) {
        var kept = new byte[all.length];
        int pages = 0;
        for (int page = 0; page < PAGES.length; page++) {
            int same = 0;
            while (same < pages
                    && !Arrays.equals(kept, same * PAGE, (same + 1) * PAGE, all, page * PAGE, (page + 1) * PAGE)) {
                same++;
            }
            if (same == pages) {
                System.arraycopy(all, page * PAGE, kept, pages * PAGE, PAGE);
                pages++;
            }
            PAGES[page] = (short) same;
        }
        return Arrays.copyOf(kept, pages * PAGE);
    }
}
