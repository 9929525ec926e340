package io.mutil.frame;

/** Escape sequences in texts: SGR of ECMA-48, {@code ESC [ ... m}, and links, {@code ESC ] 8 ; ... } up to BEL or {@code ESC \}. */
final class Escapes {
    private static final char ESCAPE = 0x1B;
    private static final char BELL = 0x07;

    private Escapes() {}

    /** Where the SGR sequence ends that begins here; -1 if none does. */
    static int endOfStyle(String text, int at) {
        if (!text.startsWith("[", at + 1)) {
            return -1;
        }
        int to = at + 2;
        while (to < text.length() && text.charAt(to) >= '0' && text.charAt(to) <= ';') {
            to++;
        }
        return is(text, to, 'm') ? to + 1 : -1;
    }

    /** Where the beginning or the end of a link ends that begins here; -1 if none does. */
    static int endOfLink(String text, int at) {
        if (!text.startsWith("]8;", at + 1)) {
            return -1;
        }
        int to = at + 4;
        while (to < text.length() && text.charAt(to) >= ' ' && text.charAt(to) < 0x7F) {
            to++;
        }
        // parameters, a semicolon, and the address
        if (text.substring(at + 4, to).indexOf(';') < 0) {
            return -1;
        }
        if (is(text, to, BELL)) {
            return to + 1;
        }
        return is(text, to, ESCAPE) && is(text, to + 1, '\\') ? to + 2 : -1;
    }

    private static boolean is(String text, int at, char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    /** Whether an SGR sequence sets nothing but colours and weights; others hide text, or make it blink. */
    static boolean isColour(String text, int from, int to) {
        String[] parts = text.substring(from + 2, to - 1).split(";", -1);
        int at = 0;
        while (at < parts.length) {
            int taken = partsOfColour(parts, at);
            if (taken == 0) {
                return false;
            }
            at += taken;
        }
        return true;
    }

    private static int partsOfColour(String[] parts, int at) {
        String part = parts[at];
        if (part.matches("[34]8(:[0-9]{0,3})+")) {
            return 1;
        }
        int code = code(part);
        if (code == 38 || code == 48) {
            return partsOfPalette(parts, at);
        }
        boolean weight = (code >= 0 && code <= 2) || code == 22;
        boolean colour = (code >= 30 && code <= 49) || (code >= 90 && code <= 97) || (code >= 100 && code <= 107);
        return weight || colour ? 1 : 0;
    }

    /** One of 256 has a number behind 5, any other colour three behind 2. */
    private static int partsOfPalette(String[] parts, int at) {
        int form = at + 1 < parts.length ? code(parts[at + 1]) : -1;
        int taken = form == 5 ? 3 : form == 2 ? 5 : 0;
        if (at + taken > parts.length) {
            return 0;
        }
        for (int i = at; i < at + taken; i++) {
            if (code(parts[i]) < 0) {
                return 0;
            }
        }
        return taken;
    }

    /** An empty part is zero; -1 if it is no number. */
    private static int code(String part) {
        if (!part.matches("[0-9]{0,3}")) {
            return -1;
        }
        return part.isEmpty() ? 0 : Integer.parseInt(part);
    }
}
