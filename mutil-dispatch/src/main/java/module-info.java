/** Commands by their shortest unique prefix. */
module io.mutil.dispatch {
    requires info.picocli;
    requires static org.jspecify;

    exports io.mutil.dispatch;
}
