package io.mutil.frame;

/**
 * Goes through a text by what a terminal shows as one: an extended grapheme cluster of Unicode Standard Annex 29 without its rules
 * for prepended characters (GB9b) and Indic conjuncts (GB9c), which terminals do not draw as one; an escape sequence; or a control
 * that is shown as something else. A soft hyphen counts as a letter. The clusters of {@code BreakIterator} differ between JDKs.
 *
 * <p>Terminals differ too; the width is that of those that take more, except for emoji joined to one, which take two. So marks that take a cell take it within a cluster as well, and
 * each leading consonant of Hangul takes two.
 */
final class Glyphs {
    /** How the characters from start to end are written. */
    enum Kind {
        /** As they are. */
        PLAIN,
        /** An escape sequence that sets colours or weights. */
        COLOUR,
        /** An escape sequence that does more to what is behind it: not at all. */
        DROPPED,
        /** As its picture among the Control Pictures of Unicode. */
        PICTURE,
        /** As backslash, u and four hexadecimal digits in braces. */
        CODE,
        /** As the replacement character. */
        REPLACED,
        /** With a backslash before it. */
        MARKUP,
        /** As a tag for a line break. */
        BREAK
    }

    private static final char ESCAPE = 0x1B;
    private static final int EMOJI_STYLE = 0xFE0F;
    private static final int FIRST_SYLLABLE = 0xAC00;
    /** None among them. */
    private static final int FINAL_CONSONANTS = 28;

    /** A cluster that would be wider is more than one. */
    static final int WIDEST = 8;

    private static final int CODE_WIDTH = WIDEST;
    private static final int BREAK_WIDTH = 4;

    private final boolean markdown;
    private String text = "";
    private int start;
    private int end;
    private int width;
    private Kind kind = Kind.PLAIN;

    Glyphs(boolean markdown) {
        this.markdown = markdown;
    }

    /** Begins with another text. */
    Glyphs of(String text, int from) {
        this.text = text;
        end = from;
        return this;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** In cells, as written. */
    int width() {
        return width;
    }

    Kind kind() {
        return kind;
    }

    /** Goes on to the next; false at the end. */
    boolean next() {
        if (end == text.length()) {
            return false;
        }
        start = end;
        int first = text.codePointAt(start);
        byte type = CodePoints.classOf(first);
        switch (type) {
            case CodePoints.CONTROL -> control(first);
            case CodePoints.HIDDEN -> one(Kind.CODE, CODE_WIDTH);
            case CodePoints.SURROGATE -> one(Kind.REPLACED, 1);
            default -> {
                if (first == EMOJI_STYLE) {
                    // nothing here to select for; behind an escape sequence terminals would widen what is before that
                    one(Kind.CODE, CODE_WIDTH);
                    return true;
                }
                cluster(first, type);
                if (markdown && first < 0x80 && Markdown.isMarkup(text, start)) {
                    kind = Kind.MARKUP;
                    width++;
                }
            }
        }
        return true;
    }

    private void one(Kind kind, int width) {
        this.kind = kind;
        this.width = width;
        end = start + 1;
    }

    private void control(int c) {
        if (c == ESCAPE && sequence()) {
            width = 0;
        } else if (markdown && (c == '\n' || c == '\r')) {
            one(Kind.BREAK, BREAK_WIDTH);
            if (c == '\r' && end < text.length() && text.charAt(end) == '\n') {
                end++;
            }
        } else {
            one(Kind.PICTURE, 1);
        }
    }

    private boolean sequence() {
        int style = Escapes.endOfStyle(text, start);
        int to = Math.max(style, Escapes.endOfLink(text, start));
        if (to < 0) {
            return false;
        }
        kind = style > 0 && Escapes.isColour(text, start, style) ? Kind.COLOUR : Kind.DROPPED;
        end = to;
        return true;
    }

    private void cluster(int first, byte type) {
        kind = Kind.PLAIN;
        width = CodePoints.widthOf(type);
        end = start + Character.charCount(first);
        if (type == CodePoints.FORMAT) {
            return;
        }
        // an emoji with nothing but marks behind it, which a skin tone or a joiner goes on
        boolean open = CodePoints.isPictograph(type);
        boolean joins = false;
        byte last = endOf(first, type);
        for (int i = 1; end < text.length(); i++) {
            int next = text.codePointAt(end);
            byte following = CodePoints.classOf(next);
            if (!continues(type, last, following, i, open, joins) || (next == EMOJI_STYLE && isLoose(type))) {
                return;
            }
            int wider = widthWith(type, next, following);
            if (wider > WIDEST) {
                return;
            }
            width = wider;
            joins = open && following == CodePoints.JOINER;
            open = (open && (following == CodePoints.EXTEND || following == CodePoints.MODIFIER))
                    || CodePoints.isPictograph(following);
            last = endOf(next, following);
            end += Character.charCount(next);
        }
    }

    private static boolean continues(byte first, byte last, byte next, int count, boolean open, boolean joins) {
        return switch (next) {
            case CodePoints.EXTEND, CodePoints.SPACING, CodePoints.WIDE_SPACING, CodePoints.JOINER -> true;
            case CodePoints.MODIFIER -> open;
            case CodePoints.WIDE_PICTOGRAPH, CodePoints.NARROW_EMOJI, CodePoints.NARROW_PICTOGRAPH -> joins;
            case CodePoints.REGIONAL -> count == 1 && first == CodePoints.REGIONAL;
            case CodePoints.HANGUL_L, CodePoints.HANGUL_SYLLABLE -> last == CodePoints.HANGUL_L;
            case CodePoints.HANGUL_V -> last == CodePoints.HANGUL_L || last == CodePoints.HANGUL_V;
            case CodePoints.HANGUL_T -> last == CodePoints.HANGUL_V || last == CodePoints.HANGUL_T;
            default -> false;
        };
    }

    /** A Hangul syllable is followed as what it ends with: a vowel, or a final consonant. */
    private static byte endOf(int codePoint, byte type) {
        if (type != CodePoints.HANGUL_SYLLABLE) {
            return type;
        }
        return (codePoint - FIRST_SYLLABLE) % FINAL_CONSONANTS == 0 ? CodePoints.HANGUL_V : CodePoints.HANGUL_T;
    }

    /** Whether it is a mark without anything to mark. */
    private static boolean isLoose(byte first) {
        return CodePoints.widthOf(first) == 0;
    }

    private static boolean hasEmojiStyle(byte type) {
        return type == CodePoints.NARROW_EMOJI || type == CodePoints.KEY;
    }

    /** A cluster is as wide as its base and what takes cells behind it, and two cells once it is an emoji. */
    private int widthWith(byte first, int next, byte following) {
        return switch (following) {
            case CodePoints.EXTEND -> next == EMOJI_STYLE && hasEmojiStyle(first) ? Math.max(2, width) : width;
            case CodePoints.MODIFIER,
                    CodePoints.REGIONAL,
                    CodePoints.WIDE_PICTOGRAPH,
                    CodePoints.NARROW_EMOJI,
                    CodePoints.NARROW_PICTOGRAPH -> 2;
            default -> width + CodePoints.widthOf(following);
        };
    }
}
