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
}
