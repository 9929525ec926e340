package io.mutil.dispatch;

/** What the source says of an operation. */
final class Description {
    private Description() {}

    /** The Javadoc comment of its class, empty if none was kept. Lambdas have none. */
    static String of(Operation<?> operation) {
        Class<?> type = operation.getClass();
        String text = type.isHidden() ? null : Docs.of(type);
        return text == null ? "" : text.strip();
    }

    /** The first sentence. */
    static String summary(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        int end = line.indexOf(". ");
        return end < 0 ? line : line.substring(0, end + 1);
    }
}
