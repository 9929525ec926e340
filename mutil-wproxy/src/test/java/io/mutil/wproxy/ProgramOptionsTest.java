package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.server.UpgradeAnswer;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.TestTls;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the options of the program do to a proxy. */
class ProgramOptionsTest {
    private static final String APPLE = "{\"symbol\":\"AAPL\",\"price\":1}";

    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        upstream = new ScriptedUpstream();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private WProxy proxyTo(URI uri, String... arguments) throws Exception {
        var options = new UpstreamOptions();
        Main.reader(options).parseArgs(arguments);
        WProxy.Builder proxy = WProxy.builder(options.upstream(uri));
        options.applyTo(proxy);
        return proxy.start();
    }

    private WProxy proxyWith(String... arguments) throws Exception {
        var options = new ClientOptions();
        Main.reader(options).parseArgs(arguments);
        WProxy.Builder proxy = WProxy.builder(Upstream.webSocket(upstream.uri()));
        options.applyTo(proxy);
        return proxy.start();
    }

    // the upstream

    @Test
    void saysWhichKeysAreWantedInTheGivenForm() throws Exception {
        try (WProxy proxy = proxyTo(
                        upstream.uri(),
                        "--subscribe-message",
                        "{\"action\":\"subscribe\",\"trades\":{keys}}",
                        "--unsubscribe-message",
                        "bye {keys}",
                        "--linger",
                        "0",
                        "--debounce",
                        "0");
                TestClient client = TestClient.of(proxy, "AAPL")) {
            assertThat(upstream.heard()).isEqualTo("{\"action\":\"subscribe\",\"trades\":[\"AAPL\"]}");
            client.command("{\"unsubscribe\": [\"AAPL\"]}");
            assertThat(upstream.heard()).isEqualTo("bye [\"AAPL\"]");
        }
    }

    @Test
    void logsInAndWaitsForTheAnswer(@TempDir Path folder) throws Exception {
        Path login = Files.writeString(folder.resolve("login"), "{\"secret\":\"s3\"}\n");
        try (WProxy proxy = proxyTo(
                        upstream.uri(),
                        "--on-connect",
                        "hello",
                        "--on-connect",
                        "@" + login,
                        "--wait-for",
                        "welcome",
                        "--subscribe-message",
                        "{keys}");
                TestClient all = TestClient.of(proxy, "AAPL")) {
            all.command("{\"subscribe:all\": true}");
            assertThat(upstream.heard()).isEqualTo("hello");
            assertThat(upstream.heard()).isEqualTo("{\"secret\":\"s3\"}");
            assertThat(proxy.stats().connected()).isFalse();
            upstream.send("connected");
            upstream.send("you are welcome");
            upstream.send("first of the stream");

            assertThat(all.next()).isEqualTo("first of the stream");
            assertThat(upstream.heard()).isEqualTo("[\"AAPL\"]");
        }
    }

    @Test
    void showsHeadersWithSecretsFromFiles(@TempDir Path folder) throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "Bearer s3\n");
        var shown = new CompletableFuture<String>();
        try (WebSocketServer server = WebSocketServer.builder(new WebSocketListener() {})
                        .onUpgrade(request -> {
                            shown.complete(request.header("authorization").orElse("none")
                                    + request.header("x-plain").orElse("none"));
                            return UpgradeAnswer.accept();
                        })
                        .start();
                WProxy proxy = proxyTo(
                        server.uri(), "--header", "Authorization: @" + key, "--header", "X-Plain:with: colon")) {
            assertThat(shown.get(30, TimeUnit.SECONDS)).isEqualTo("Bearer s3with: colon");
            assertThat(proxy.port()).isPositive();
        }
    }

    @Test
    void goesToAnotherUpstreamWhenTheFirstIsNotThere() throws Exception {
        URI dead;
        try (ScriptedUpstream gone = new ScriptedUpstream()) {
            dead = gone.uri();
        }
        try (WProxy proxy = proxyTo(dead, "--failover", upstream.uri().toString())) {
            Eventually.until("a connection", () -> proxy.stats().connected());
        }
    }

    @Test
    void speaksToAnotherProxy() throws Exception {
        String apple = "{\"sym\":\"AAPL\"}";
        try (WProxy above = proxyWith();
                WProxy below = proxyTo(above.uri(), "--upstream-is-proxy");
                TestClient client = TestClient.of(below, "AAPL")) {
            Eventually.until("a subscription", () -> above.stats().keys() == 1);
            upstream.send(apple);

            assertThat(client.next()).isEqualTo(apple);
        }
    }

    @Test
    void endsTheConnectionAtALargerMessageThanThat() throws Exception {
        try (WProxy proxy = proxyTo(upstream.uri(), "--max-message", "1k");
                TestClient client = TestClient.of(proxy)) {
            client.command("{\"subscribe:all\": true}");
            String largest = "x".repeat(1024);
            upstream.send(largest);
            assertThat(client.next()).isEqualTo(largest);

            upstream.send(largest + "x");

            Eventually.until("another connection", () -> proxy.stats().connects() == 2);
        }
    }

    // the clients

    @Test
    void limitsTheKeysOfEachAndOfAll() throws Exception {
        try (WProxy proxy = proxyWith("--max-subscriptions", "2", "--max-keys", "3");
                TestClient one = TestClient.of(proxy, "A", "B");
                TestClient other = TestClient.of(proxy)) {
            one.say("{\"subscribe\": [\"C\"]}");
            assertThat(one.next()).contains("Too many subscriptions: at most 2");
            other.say("{\"subscribe\": [\"C\", \"D\"]}");
            assertThat(other.next()).contains("Too many keys: at most 3");
        }
    }

    @Test
    void findsKeysInTheGivenFieldAndKeepsWhatItIsTold() throws Exception {
        try (WProxy proxy = proxyWith("--key-field", "symbol", "--snapshots", "--history", "100,1m");
                TestClient early = TestClient.of(proxy, "AAPL")) {
            upstream.send(APPLE);
            assertThat(early.next()).isEqualTo(APPLE);
            try (TestClient late = TestClient.of(proxy)) {
                late.command("{\"subscribe\": [\"AAPL\"], \"snapshot\": true}");
                assertThat(late.next()).isEqualTo(APPLE);
            }
            early.command("{\"since\": true}");
            assertThat(early.next()).startsWith("{\"since\": {\"epoch\": ");
        }
    }

    @Test
    void answersWithFiguresOfTheProxyAndOfAClient() throws Exception {
        try (WProxy proxy = proxyWith("--status", "/status");
                TestClient client = TestClient.of(proxy)) {
            client.command("{\"stats\": true}");
            assertThat(client.next()).startsWith("{\"stats\": {\"address\":\"127.0.0.1:");
            URI status = URI.create("http://127.0.0.1:" + proxy.port() + "/status");
            try (InputStream json = status.toURL().openStream()) {
                assertThat(json).asString(UTF_8).contains("\"clients\":1", "\"recorded\":0");
            }
        }
    }

    @Test
    void admitsSoManyClientsAndTheseOrigins() throws Exception {
        try (WProxy proxy = proxyWith("--max-clients", "1", "--origin", "https://app.example.com")) {
            var page = WebSocketClient.builder(proxy.uri(), new WebSocketListener() {});
            try (var first = page.origin("https://app.example.com").connect()) {
                assertThat(first.isOpen()).isTrue();
                assertThatThrownBy(() -> TestClient.of(proxy)).hasMessageContaining("503");
            }
            Eventually.until("nobody", () -> proxy.stats().clients() == 0);
            var other = WebSocketClient.builder(proxy.uri(), new WebSocketListener() {})
                    .origin("https://evil.example.com");
            assertThatThrownBy(other::connect).hasMessageContaining("403");
        }
    }

    @Test
    void servesTls(@TempDir Path folder) throws Exception {
        String both = TestTls.serverPem();
        int end = both.indexOf("-----BEGIN CERTIFICATE");
        Path key = Files.writeString(folder.resolve("key.pem"), both.substring(0, end));
        Path certificate = Files.writeString(folder.resolve("cert.pem"), both.substring(end));
        try (WProxy proxy = proxyWith("--tls-cert", certificate.toString(), "--tls-key", key.toString());
                var client = WebSocketClient.builder(proxy.uri(), new WebSocketListener() {})
                        .tls(TestTls.client())
                        .connect()) {
            assertThat(proxy.uri().getScheme()).isEqualTo("wss");
            assertThat(client.isOpen()).isTrue();
        }
        assertThatThrownBy(() -> proxyWith("--tls-cert", key.toString(), "--tls-key", certificate.toString()))
                .hasMessageContaining("PEM")
                .hasMessageNotContaining("BEGIN");
    }

    @Test
    void endsLivesThatAreTooLong() throws Exception {
        try (WProxy proxy = proxyWith("--max-life", "1ms");
                TestClient client = TestClient.of(proxy)) {
            assertThat(client.closeReason().code()).isEqualTo(1012);
        }
    }

    @Test
    void closesSlowClientsIfThatIsThePolicy() throws Exception {
        try (WProxy proxy = proxyWith(
                        "--key-field",
                        "symbol",
                        "--slow-policy",
                        "close",
                        "--queue-bytes",
                        "64k",
                        "--queue-messages",
                        "10",
                        "--queue-age",
                        "1h");
                TestClient client = TestClient.of(proxy, "AAPL")) {
            client.pause();
            String large = "{\"symbol\":\"AAPL\",\"x\":\"" + "x".repeat(100_000) + "\"}";
            while (proxy.stats().closedSlow() == 0) {
                upstream.send(large);
            }
            client.resume();
            assertThat(client.closeReason().code()).isEqualTo(1013);
        }
    }
}
