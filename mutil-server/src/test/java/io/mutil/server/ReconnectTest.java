package io.mutil.server;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReconnectTest {
    private final Recorder recorder = new Recorder();
    private final AtomicInteger delays = new AtomicInteger();

    private WebSocketClient start(WebSocketServer server) {
        return WebSocketClient.builder(server.uri(), recorder)
                .backoff(new Backoff(ofMillis(10), ofMillis(10), ofSeconds(30)))
                .random(() -> {
                    delays.incrementAndGet();
                    return 0.9;
                })
                .start();
    }

    @Test
    void comesBackWhenTheServerIsRestarted() throws Exception {
        WebSocketServer first = WebSocketServer.builder(new Echo()).start();
        try (WebSocketClient client = start(first)) {
            assertThat(recorder.next()).isEqualTo("open");
            first.close();
            assertThat(recorder.next()).isEqualTo("close 1001 server shuts down");

            try (var second =
                    WebSocketServer.builder(new Echo()).port(first.port()).start()) {
                assertThat(recorder.next()).isEqualTo("open");
                client.socket().ifPresent(socket -> socket.sendAsync("again").join());
                assertThat(client.stats().connects()).isPositive();
                assertThat(delays).hasPositiveValue();
                client.closeAsync().get(30, TimeUnit.SECONDS);
                assertThat(recorder.next("close")).isEqualTo("close 1000");
                assertThat(second.port()).isEqualTo(first.port());
            }
            assertThat(client.socket()).isEmpty();
        }
    }

    @Test
    void closesWhileItWaitsForTheNextAttempt() throws Exception {
        WebSocketServer server = WebSocketServer.builder(new Echo()).start();
        var client = WebSocketClient.builder(server.uri(), recorder)
                .backoff(new Backoff(ofSeconds(1000), ofSeconds(1000), ofSeconds(30)))
                .random(() -> {
                    delays.incrementAndGet();
                    return 0.9;
                })
                .start();
        recorder.next("open");
        server.close();
        recorder.next("close");

        client.closeAsync().get(30, TimeUnit.SECONDS);
        client.close();

        assertThat(client.stats().connected()).isFalse();
    }

    @Test
    void closesWhileItConnects() throws Exception {
        try (var silent = new java.net.ServerSocket(0)) {
            var client = WebSocketClient.builder(
                            java.net.URI.create("ws://127.0.0.1:" + silent.getLocalPort()), recorder)
                    .start();
            try (var accepted = silent.accept()) {
                client.close();
                assertThat(accepted.isConnected()).isTrue();
            }
        }
        assertThat(recorder.events).isEmpty();
    }
}
