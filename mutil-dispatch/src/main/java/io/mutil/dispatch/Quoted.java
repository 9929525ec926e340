package io.mutil.dispatch;

/** Text of others as it may stand in a message: on one line, and not too much of it. */
final class Quoted {
    private static final int LONGEST_WORD = 60;
    private static final int LONGEST_MESSAGE = 300;

    private Quoted() {}

    static String of(String word) {
        return '"' + plain(word, LONGEST_WORD) + '"';
    }

    /** What an exception says, without quotes; if it has nothing to say its class does. */
    static String message(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : plain(message, LONGEST_MESSAGE);
    }

    private static String plain(String text, int longest) {
        var out = new StringBuilder();
        int end = text.length() <= longest ? text.length() : text.offsetByCodePoints(0, longest / 2);
        text.codePoints().limit(text.codePointCount(0, end)).forEach(c -> {
            if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append(end < text.length() ? "..." : "").toString();
    }
}
