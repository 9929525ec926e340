package io.mutil.wproxy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.Backoff;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private ScriptedUpstream first;
    private ScriptedUpstream second;
    private ScriptedUpstream third;

    @BeforeEach
    void start() throws Exception {
        first = new ScriptedUpstream();
        second = new ScriptedUpstream();
        third = new ScriptedUpstream();
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        third.close();
    }

    @Test
    void eachIsTriedInItsTurn() throws Exception {
        Upstream any = Upstream.failover(List.of(Quick.upstream(first), Quick.upstream(second), Quick.upstream(third)));
        try (WProxy proxy = Quick.proxy(any).start();
                TestClient client = TestClient.of(proxy, "A")) {
            assertThat(first.heard()).isEqualTo("+ [\"A\"]");
            first.drop();
            assertThat(second.heard()).isEqualTo("+ [\"A\"]");
            second.drop();
            assertThat(third.heard()).isEqualTo("+ [\"A\"]");
            first.stop();
            third.drop();
            assertThat(second.heard()).isEqualTo("+ [\"A\"]");
            second.send("{\"sym\":\"A\"}");
            assertThat(client.nextButOutages()).isEqualTo("{\"sym\":\"A\"}");
            assertThat(first.hasHeardNothingMore() && third.hasHeardNothingMore())
                    .isTrue();
        }
    }

    @Test
    void oneThatHangsHoldsUpTheOthersNoLongerThanTheTimeForConnecting() throws Exception {
        Upstream hangs = receiver -> new CompletableFuture<>();
        try (WProxy proxy = Quick.proxy(Upstream.failover(List.of(hangs, Quick.upstream(second))))
                        .connectTimeout(ofMillis(200))
                        .start();
                TestClient client = TestClient.of(proxy, "A")) {
            assertThat(second.heard()).isEqualTo("+ [\"A\"]");
            second.send("{\"sym\":\"A\"}");
            assertThat(client.next()).isEqualTo("{\"sym\":\"A\"}");
        }
    }

    @Test
    void oneThatThrowsIsOneThatFails() throws Exception {
        Upstream broken = receiver -> {
            throw new IllegalStateException("broken");
        };
        first.stop();
        try (WProxy proxy = Quick.proxy(Upstream.failover(
                                List.of(Quick.upstream(first), broken, broken, Quick.upstream(third))))
                        .connectTimeout(Duration.ofDays(1))
                        .start();
                TestClient client = TestClient.of(proxy, "A")) {
            assertThat(third.heard()).isEqualTo("+ [\"A\"]");
            third.send("{\"sym\":\"A\"}");
            assertThat(client.next()).isEqualTo("{\"sym\":\"A\"}");
            assertThat(proxy.stats().connects()).isEqualTo(1);
        }
    }

    @Test
    void eachHasTheWholeTimeForConnectingAndTheNextOneIsNotWaitedFor() throws Exception {
        // the kernel takes connections, and nobody answers
        try (var hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Upstream mute = Upstream.webSocket(URI.create("ws://127.0.0.1:" + hole.getLocalPort()));
            Upstream any = Upstream.failover(List.of(mute, Upstream.failover(List.of(mute, Quick.upstream(second)))));
            try (WProxy proxy = Quick.proxy(any)
                            .backoff(new Backoff(ofHours(1), ofHours(1), ofHours(2)))
                            .connectTimeout(ofMillis(300))
                            .start();
                    TestClient client = TestClient.of(proxy, "A")) {
                assertThat(second.heard()).isEqualTo("+ [\"A\"]");
                second.send("{\"sym\":\"A\"}");
                assertThat(client.next()).isEqualTo("{\"sym\":\"A\"}");
            }
        }
    }
}
