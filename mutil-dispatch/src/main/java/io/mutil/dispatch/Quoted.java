package io.mutil.dispatch;

/** Text from outside as it may stand in a message: on one line, and not too much of it. */
final class Quoted {
    private static final int LONGEST = 60;

    private Quoted() {}

    static String of(String word) {
        var out = new StringBuilder("\"");
        int end = word.length() <= LONGEST ? word.length() : word.offsetByCodePoints(0, LONGEST / 2);
        word.codePoints().limit(word.codePointCount(0, end)).forEach(c -> {
            if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append(end < word.length() ? "..." : "").append('"').toString();
    }
}
