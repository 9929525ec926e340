package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.JsonCodec;
import io.mutil.pipe.Pipe;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DescriptionTest {
    private static final JsonCodec<Integer> NUMBERS = JsonCodec.of(Integer.class);
    private static final KeySource KEYS = () -> Keys.of(new byte[32]);

    @Test
    void aLineForEachLevel() {
        Dataflow flow = Dataflow.named("all")
                .from(Ingress.merge(
                        WebSocketIngress.listen("127.0.0.1", 2221, NUMBERS),
                        WebSocketIngress.connect(URI.create("ws://127.0.0.1:6222/feed?token=secret"), NUMBERS)
                                .supervise(Supervision.stop()),
                        PipeIngress.of(NUMBERS, () -> Pipe.builder().readFrom(0)),
                        Ingress.pulling(() -> java.util.List.<Integer>of().iterator())))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                        .howMany(1)
                        .routeBySender()
                        .tickEvery(Duration.ofMillis(250)))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                        .named("second")
                        .howMany(8)
                        .routeBy(n -> n)
                        .edge(Edge.droppingOldest(16))
                        .supervise(Supervision.stop())
                        .isolation(Processes.of(NUMBERS, NUMBERS).workersPerProcess(2)))
                .to(FramedEgress.listen(Endpoint.tcp("127.0.0.1", 2222), KEYS, NUMBERS))
                .to(Egress.<Integer>into(n -> {}).filter(n -> n > 0).supervise(Supervision.restart()))
                .build();

        assertThat(flow.describe()).isEqualTo("""
                all
                  in         WebSockets, listening on ws://127.0.0.1:2221/ and a WebSocket, connecting to \
                ws://127.0.0.1:6222/feed; failures: stop and 1 pipe and a source of this process
                  workers-1  1 worker, by sender, ticks every PT0.25S; edges of 1024, BLOCK
                  second     8 workers in processes, 2 in each, by key; failures: stop; edges of 16, DROP_OLDEST
                  out-1      frames, listening on tcp://127.0.0.1:2222; edges of 1024, BLOCK
                  out-2      a sink of this process, filtered; failures: restart, at most 5 within PT1M, after PT0.25S to PT30S; \
                edges of 1024, BLOCK""");
    }
}
