/** Runnable programs. */
module io.mutil.examples {
    requires info.picocli;
    requires io.mutil.dataflow;
    requires io.netty.buffer;
    requires static org.jspecify;

    exports io.mutil.examples;

    // picocli fills the fields of commands
    opens io.mutil.examples to
            info.picocli;
}
