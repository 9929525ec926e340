package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.server.CloseReason;
import io.mutil.server.Keys;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections and proxies end. */
class EndTest {
    private static final int SERVICE_RESTART = 1012;

    private final RecordingUpstream upstream = new RecordingUpstream();

    @Test
    void drainingSendsEveryClientAwayAndEndsTheProxy() throws Exception {
        WProxy proxy = Quick.proxy(upstream)
                .access(request -> Optional.of(ClientTerms.unlimited()))
                .start();
        var clients = new ArrayList<TestClient>();
        for (int i = 0; i < 5; i++) {
            clients.add(TestClient.of(proxy, "A"));
        }
        CompletableFuture<Void> drained = proxy.drainAsync(ofMillis(300));
        for (TestClient client : clients) {
            assertThat(client.closeReason().code()).isEqualTo(SERVICE_RESTART);
        }
        drained.get(30, TimeUnit.SECONDS);
        proxy.await();
        assertThat(upstream.last().isOpen()).isFalse();
        clients.forEach(TestClient::close);
    }

    @Test
    void whoComesDuringADrainIsRefused() throws Exception {
        try (WProxy proxy = Quick.proxy(upstream)
                        .access(request -> Optional.of(ClientTerms.unlimited()))
                        .start();
                TestClient client = TestClient.of(proxy, "A")) {
            var unused = proxy.drainAsync(Duration.ofDays(1));
            assertThat(RawClient.handshake(proxy, "/")).isEqualTo(503);
            assertThat(client.socket().isOpen()).isTrue();
        }
    }

    @Test
    void drainingEndsFramedConnectionsToo() throws Exception {
        Keys keys = Keys.of("a secret that only tests know, 32".getBytes(UTF_8));
        WProxy proxy = Quick.proxy(upstream).framed(keys, server -> server).start();
        try (FramedClient client = new FramedClient(proxy.framedServers().get(0), keys)) {
            client.command("{\"subscribe\": [\"A\"]}");
            CompletableFuture<Void> drained = proxy.drainAsync(ofMillis(1));
            assertThat(client.next()).isNull();
            drained.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aLifeEnds() throws Exception {
        try (WProxy proxy = Quick.proxy(upstream).maxLife(ofMillis(200)).start();
                TestClient client = TestClient.of(proxy)) {
            assertThat(client.closeReason().code()).isEqualTo(SERVICE_RESTART);
            Eventually.until("no client", () -> proxy.stats().clients() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsAllThreads(boolean reading) throws Exception {
        WProxy proxy = Quick.proxy(upstream)
                .server(server -> server.drainTimeout(ofMillis(300)).unsentBytes(1 << 14))
                .start();
        try (TestClient client = TestClient.of(proxy, "A");
                RawClient mute = RawClient.of(proxy)) {
            mute.text("{\"subscribe\": [\"A\"]}");
            mute.next();
            if (!reading) {
                client.pause();
            }
            for (int i = 0; i < 5_000; i++) {
                upstream.last().send("{\"sym\":\"A\",\"x\":\"" + "x".repeat(1000) + "\"}");
            }
            assertThat(threads()).isNotEmpty();
            proxy.close();
            client.resume();
        }
        Eventually.until("no thread", () -> threads().isEmpty());
        proxy.close();
    }

    @Test
    void anUpstreamThatGivesNothingOnClosingDoesNotHoldUpTheEnd() throws Exception {
        try (LogLines lines = LogLines.of(Farewell.class, Level.WARNING)) {
            WProxy proxy = Quick.proxy(upstream).start();
            upstream.last().closeWith(Quick::nothing);
            Eventually.until("connected", () -> proxy.stats().connected());

            proxy.closeAsync().get(30, TimeUnit.SECONDS);

            assertThat(lines.at(Level.WARNING)).hasSize(1);
        }
        Eventually.until("no thread", () -> threads().isEmpty());
    }

    @Test
    void aStartThatFailsLeavesNoThread() {
        Keys keys = Keys.of("a secret that only tests know, 32".getBytes(UTF_8));
        WProxy.Builder builder = Quick.proxy(upstream)
                .framed(keys, server -> server)
                .server(server -> {
                    throw new IllegalStateException("no server");
                });

        assertThatThrownBy(builder::start).hasMessage("no server");

        Eventually.until("no thread", () -> threads().isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("mutil-wproxy"))
                .toList();
    }

    @Test
    void aClientThatAsksAndDoesNotReadIsClosed() throws Exception {
        try (WProxy proxy = Quick.proxy(upstream)
                        .server(server -> server.drainTimeout(ofSeconds(30)).unsentBytes(1 << 14))
                        .start();
                RawClient client = RawClient.of(proxy);
                TestClient other = TestClient.of(proxy, "A")) {
            int commands = 50_000;
            CompletableFuture<Void> asking = Background.run(() -> {
                for (int i = 0; i < commands; i++) {
                    client.text("{\"subscribe\": [\"" + "x".repeat(150) + "\"]}");
                }
            });
            asking.get(30, TimeUnit.SECONDS);

            int answers = 0;
            RawClient.Frame frame = client.next();
            while (!frame.isClose()) {
                answers++;
                frame = client.next();
            }
            assertThat(frame.closeCode()).isEqualTo(CloseReason.TRY_LATER);
            assertThat(answers).isLessThan(commands / 4);
            upstream.last().send("{\"sym\":\"A\"}");
            assertThat(other.next()).isEqualTo("{\"sym\":\"A\"}");
        }
    }

    @Test
    void aClientThatSendsNoFramesIsClosedAndForgotten() throws Exception {
        try (WProxy proxy = Quick.proxy(upstream).start();
                TestClient other = TestClient.of(proxy, "A")) {
            byte[][] garbage = {
                {(byte) 0xf1, (byte) 0x81, 0, 0, 0, 0, 'x'},
                {(byte) 0x83, (byte) 0x81, 0, 0, 0, 0, 'x'},
                {(byte) 0x81, 1, 'x'},
                {(byte) 0x80, (byte) 0x81, 0, 0, 0, 0, 'x'},
                {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, (byte) 0xff},
                {(byte) 0x82, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0},
            };
            for (byte[] bytes : garbage) {
                try (RawClient client = RawClient.of(proxy)) {
                    client.text("{\"subscribe\": [\"B\"]}");
                    client.next();
                    client.write(bytes);
                    assertThat(client.closeCode()).isBetween(1002, 1009);
                }
                Eventually.until("one client", () -> proxy.stats().clients() == 1);
            }
            upstream.awaitAsked(Set.of("A"));
            upstream.last().send("{\"sym\":\"A\"}");
            assertThat(other.next()).isEqualTo("{\"sym\":\"A\"}");
        }
        assertThat(upstream.complaints()).isEmpty();
    }

    @Test
    void binaryIsNoCommand() throws Exception {
        try (WProxy proxy = Quick.proxy(upstream).start();
                RawClient client = RawClient.of(proxy)) {
            client.frame(0x82, "{\"subscribe\": [\"B\"]}".getBytes(UTF_8));
            assertThat(client.next().text()).isEqualTo("{\"error\": \"Commands must be text\"}");
        }
    }
}
