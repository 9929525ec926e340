/** A WebSocket proxy: one upstream, many subscribers. */
module io.mutil.wproxy {
    requires transitive io.mutil.server;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.handler;
    requires transitive tools.jackson.databind;
    // of the program only
    requires static info.picocli;
    requires static org.jspecify;

    exports io.mutil.wproxy;

    // picocli fills the fields of the command
    opens io.mutil.wproxy to
            info.picocli;
}
