package io.mutil.frame;

/** Measures texts in cells of a terminal and writes them so that they take no more than that. Used by one thread. */
final class CellText {
    static final char ELLIPSIS = '…';

    private static final char ESCAPE = 0x1B;
    static final String RESET = "\u001b[0m";

    private final boolean markdown;
    private final boolean colours;
    private final Glyphs glyphs;
    private boolean coloured;
    private int rest;

    /** @param colours whether colours in texts are kept */
    CellText(boolean markdown, boolean colours) {
        this.markdown = markdown;
        this.colours = colours;
        glyphs = new Glyphs(markdown);
    }

    /** How many cells the text takes as it is written. */
    int width(String text) {
        return isPlain(text) ? text.length() : widthOfReady(ready(text));
    }

    private int widthOfReady(String text) {
        int width = 0;
        glyphs.of(text, 0);
        while (glyphs.next()) {
            width += glyphs.width();
        }
        return width;
    }

    /** A text without what is dropped, which would hide from us that what is before and behind it becomes one. */
    String ready(String text) {
        if (text.indexOf(ESCAPE) < 0) {
            return text;
        }
        var ready = new StringBuilder(text.length());
        glyphs.of(text, 0);
        while (glyphs.next()) {
            boolean colour = glyphs.kind() == Glyphs.Kind.COLOUR;
            if (!colour && text.charAt(glyphs.start()) == ESCAPE) {
                // begins nothing anew with what comes behind it now
                ready.append(glyphs.kind() == Glyphs.Kind.DROPPED ? "" : picture(ESCAPE));
            } else if (!colour || colours) {
                ready.append(text, glyphs.start(), glyphs.end());
            }
        }
        return ready.toString();
    }

    private boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || (markdown && Markdown.mayBeMarkup(c))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a text, cut with an ellipsis if it would take more than so many cells. Colours that it leaves open are closed.
     *
     * @param most positive
     * @return how many cells it took
     */
    int write(String text, int most, Buffer to) {
        if (isPlain(text)) {
            return writePlain(text, most, to);
        }
        String ready = ready(text);
        int all = widthOfReady(ready);
        int room = all <= most ? most : most - 1;
        int width = copy(ready, 0, room, to);
        if (all > most) {
            to.add(ELLIPSIS);
            width++;
        }
        close(to);
        return width;
    }

    private static int writePlain(String text, int most, Buffer to) {
        if (text.length() <= most) {
            to.add(text);
            return text.length();
        }
        to.add(text, 0, most - 1);
        to.add(ELLIPSIS);
        return most;
    }

    /**
     * Writes as much of a {@linkplain #ready ready} text as fits.
     *
     * @param most at least {@link Glyphs#WIDEST}
     * @return where the rest begins
     */
    int writePart(String text, int from, int most, Buffer to) {
        var unused = copy(text, from, most, to);
        close(to);
        return rest;
    }

    private int copy(String text, int from, int room, Buffer to) {
        int width = 0;
        rest = text.length();
        glyphs.of(text, from);
        while (glyphs.next()) {
            if (width + glyphs.width() > room) {
                rest = glyphs.start();
                break;
            }
            width += glyphs.width();
            write(text, to);
        }
        return width;
    }

    private void write(String text, Buffer to) {
        switch (glyphs.kind()) {
            case PLAIN -> to.add(text, glyphs.start(), glyphs.end());
            case COLOUR -> {
                to.add(text, glyphs.start(), glyphs.end());
                coloured = !isReset(text);
            }
            case DROPPED -> {}
            case PICTURE -> to.add(picture(text.charAt(glyphs.start())));
            case CODE -> code(text.charAt(glyphs.start()), to);
            case REPLACED -> to.add('\uFFFD');
            case MARKUP -> {
                to.add('\\');
                to.add(text, glyphs.start(), glyphs.end());
            }
            case BREAK -> to.add("<br>");
        }
    }

    private boolean isReset(String text) {
        int length = glyphs.end() - glyphs.start();
        return length == 3 || (length == 4 && text.charAt(glyphs.start() + 2) == '0');
    }

    private static char picture(char control) {
        return control == 0x7F ? '\u2421' : (char) (0x2400 + control);
    }

    private static void code(char c, Buffer to) {
        to.add("\\u{");
        for (int shift = 12; shift >= 0; shift -= 4) {
            to.add(Character.toUpperCase(Character.forDigit((c >> shift) & 0xF, 16)));
        }
        to.add('}');
    }

    private void close(Buffer to) {
        if (coloured) {
            to.add(RESET);
        }
        coloured = false;
    }
}
