/** Runnable programs. */
module io.mutil.examples {
    requires info.picocli;
    requires io.mutil.awssig;
    requires io.mutil.cache;
    requires io.mutil.dataflow;
    requires io.mutil.dispatch;
    requires io.mutil.frame;
    requires io.mutil.loop;
    requires io.mutil.numeric;
    requires io.mutil.pipe;
    requires io.mutil.ratelimit;
    requires io.mutil.s4lru;
    requires io.mutil.server;
    requires io.mutil.sqlshard;
    requires io.mutil.timer;
    requires io.mutil.wproxy;
    requires io.netty.buffer;
    requires java.net.http;
    requires jdk.httpserver;
    requires static org.jspecify;

    exports io.mutil.examples;

    // picocli fills the fields of commands, Jackson makes records
    opens io.mutil.examples to
            info.picocli,
            tools.jackson.databind;
}
