package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.server.Endpoint;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Merged ingresses, and start hooks. */
@Timeout(60)
class IngressTest {
    private static final String LOCAL = "127.0.0.1";
    private static final JsonCodec<Long> LONGS = JsonCodec.of(Long.class);

    private final Collected<Long> sink = Flows.collect();

    private static Ingress<Long> listening() {
        return WebSocketIngress.listen(LOCAL, 0, LONGS);
    }

    @Test
    void severalNetworksAreOneLevel() throws Exception {
        WebSocketListener remote = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket) {
                for (long n = 3000; n < 4000; n++) {
                    var unused = socket.sendAsync(Long.toString(n));
                }
            }
        };
        try (WebSocketServer server = WebSocketServer.builder(remote).start();
                RunningDataflow running = Dataflow.named("merged")
                        .from(Ingress.merge(
                                listening(),
                                FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, LONGS)
                                        .named("frames"),
                                WebSocketIngress.connect(server.uri(), LONGS),
                                Ingress.<Long>pulling(() -> Flows.range(0, 1000).iterator())))
                        .through(Workers.<Long, Long>of((n, out) -> out.send(n)).routeBy(n -> n / 1000))
                        .to(Egress.into(sink))
                        .build()
                        .start();
                Peer first = new Peer(running.uri("in-1"));
                FramedPeer second = new FramedPeer(running.uri("frames"))) {
            assertThat(running.uris().keySet()).containsExactly("in-1", "frames");
            for (long n = 1000; n < 2000; n++) {
                first.send(Long.toString(n));
                second.send(n + 1000, n + 1001);
            }

            Eventually.until("all came", () -> sink.items.size() == 4000);
            assertThat(running.stats().levels())
                    .extracting(LevelStats::name)
                    .containsExactly("in", "workers-1", "out-1");
        }

        for (int part = 0; part < 4; part++) {
            long from = part * 1000L;
            assertThat(sink.items.stream().filter(n -> n >= from && n < from + 1000))
                    .isEqualTo(Flows.range(from, from + 1000));
        }
    }

    @Test
    void aMergedIngressEndsWhenAllItsPartsHave() throws Exception {
        Flows.run(Dataflow.named("sources")
                .from(Ingress.<Number>merge(
                        Ingress.<Long>pulling(() -> Flows.range(0, 100).iterator()),
                        Ingress.merge(
                                Ingress.<Long>pulling(
                                        () -> Flows.range(100, 200).iterator()),
                                Ingress.<Integer>pulling(
                                        () -> Collections.<Integer>emptyList().iterator()))))
                .to(Egress.<Number>into(n -> sink.accept(n.longValue())))
                .build());

        assertThat(sink.items).containsExactlyInAnyOrderElementsOf(Flows.range(0, 200));
    }

    @Test
    void refusedMessagesOfAllPartsAreCounted() throws Exception {
        try (RunningDataflow running = Dataflow.named("errors")
                        .from(Ingress.merge(listening(), listening()).named("all"))
                        .to(Egress.into(sink))
                        .build()
                        .start();
                Peer first = new Peer(running.uri("all-1"));
                Peer second = new Peer(running.uri("all-2"))) {
            first.send("no json");
            second.send("no json");

            assertThat(first.next()).contains("error");
            assertThat(second.next()).contains("error");
            assertThat(Flows.level(running, "all").errors()).isEqualTo(2);
        }
    }

    @Test
    void namesOfPartsAreCheckedWithTheOthers() {
        assertThatThrownBy(() -> Dataflow.named("names")
                        .from(Ingress.merge(listening(), listening().named("out-1")))
                        .to(Egress.into(sink))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'out-1' is used twice");
    }

    @Test
    void aPartThatCannotBeOpenedClosesTheOthers() throws Exception {
        try (RunningDataflow first = Dataflow.named("first")
                .from(listening())
                .to(Egress.into(sink))
                .build()
                .start()) {
            int taken = first.uri("in").getPort();
            Map<String, URI> opened = new HashMap<>();
            Dataflow second = Dataflow.named("second")
                    .from(Ingress.merge(
                            listening()
                                    .onStart(level -> opened.put(
                                            level.name(), level.address().orElseThrow())),
                            WebSocketIngress.listen(LOCAL, taken, LONGS)))
                    .to(Egress.into(sink))
                    .build();

            assertThatThrownBy(second::start).isInstanceOf(BindException.class);

            assertRefused(opened.get("in-1"));
        }
    }

    private static void assertRefused(@Nullable URI closed) {
        assertThatThrownBy(() -> new Peer(requireNonNull(closed))).isInstanceOf(IOException.class);
    }

    @Test
    void hooksAreToldBeforeTheFirstItem() throws Exception {
        Map<String, Optional<URI>> opened = new HashMap<>();
        List<Peer> peers = new ArrayList<>();
        Dataflow flow = Dataflow.named("hooks")
                .from(listening().onStart(level -> {
                    opened.put(level.name(), level.address());
                    // what is said before the hook returns waits for it
                    var early = new Peer(level.address().orElseThrow());
                    peers.add(early);
                    early.send("1");
                    assertThat(sink.items).isEmpty();
                }))
                .to(Egress.<Long>into(sink).named("sink").onStart(level -> opened.put(level.name(), level.address())))
                .to(WebSocketEgress.<Long>listen(LOCAL, 0, LONGS)
                        .named("out")
                        .onStart(level -> opened.put(level.name(), level.address())))
                .build();

        try (RunningDataflow running = flow.start()) {
            assertThat(opened)
                    .containsEntry("in", Optional.of(running.uri("in")))
                    .containsEntry("out", Optional.of(running.uri("out")))
                    .containsEntry("sink", Optional.empty());
            Eventually.until("it came", () -> sink.items.equals(Flows.range(1, 2)));
            peers.forEach(Peer::close);
        }
    }

    @Test
    void aHookThatFailsKeepsTheTopologyFromStarting() {
        Map<String, URI> opened = new HashMap<>();
        Dataflow atIngress = Dataflow.named("hooks")
                .from(listening().onStart(level -> {
                    opened.put("in", level.address().orElseThrow());
                    throw new IOException("cannot announce");
                }))
                .to(WebSocketEgress.<Long>listen(LOCAL, 0, LONGS)
                        .onStart(level -> opened.put("out", level.address().orElseThrow())))
                .build();
        Dataflow atEgress = Dataflow.named("hooks")
                .from(listening())
                .to(FramedEgress.<Long>listen(Endpoint.webSocket(0, "/"), FramedPeer.KEYS, LONGS)
                        .onStart(level -> {
                            opened.put("frames", level.address().orElseThrow());
                            throw new IOException("cannot announce");
                        }))
                .build();

        assertThatThrownBy(atIngress::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the start hook of 'in' failed")
                .hasRootCauseMessage("cannot announce");
        assertThatThrownBy(atEgress::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the start hook of 'out-1' failed");

        assertThat(opened).containsOnlyKeys("in", "out", "frames");
        opened.values().forEach(IngressTest::assertRefused);
    }
}
