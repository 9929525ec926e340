package io.mutil.bench;

import io.mutil.codec.Codec;
import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.dataflow.WebSocketEgress;
import io.mutil.dataflow.WebSocketIngress;
import io.mutil.dataflow.Workers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * The echo topology as a program of its own: prints the addresses of its ingress, odd egress and even egress, a line each,
 * and runs until its standard input ends.
 */
public final class EchoServer {
    private EchoServer() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws IOException {
        try (RunningDataflow running = start()) {
            for (URI uri : running.uris().values()) {
                System.out.println(uri);
            }
            while (System.in.read() >= 0) {
                // only the end matters
            }
        }
    }

    static RunningDataflow start() throws IOException {
        Codec<Long> json = JsonCodec.of(Long.class);
        return Dataflow.named("echo")
                .from(WebSocketIngress.listen("127.0.0.1", 0, json))
                .through(Workers.<Long, Long>of((n, out) -> out.send(n + 1))
                        .howMany(64)
                        .routeBy(n -> n))
                .to(batched(json).named("odd").filter(n -> n % 2 != 0))
                .to(batched(json).named("even").filter(n -> n % 2 == 0))
                .build()
                .start();
    }

    private static WebSocketEgress<Long> batched(Codec<Long> json) {
        return WebSocketEgress.<Long>listen("127.0.0.1", 0, json).batch(1000, Duration.ofMillis(1));
    }
}
