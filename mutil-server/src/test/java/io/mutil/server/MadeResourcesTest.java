package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import io.mutil.testkit.TestTls;
import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MadeResourcesTest {
    private static final String JSON = "application/json";

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger made = new AtomicInteger();
    private final Recorder recorder = new Recorder();

    private byte[] next() {
        return String.valueOf(made.incrementAndGet()).getBytes(UTF_8);
    }

    private WebSocketServer.Builder server() {
        return WebSocketServer.builder(recorder)
                .path("/live")
                .resource("/", "text/plain", "page".getBytes(US_ASCII))
                .resource("/status", JSON, this::next);
    }

    private static HttpRequest.Builder request(WebSocketServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> get(WebSocketServer server, String path) throws Exception {
        return client.send(request(server, path).build(), BodyHandlers.ofString(UTF_8));
    }

    private static String raw(WebSocketServer server, String request) throws IOException {
        try (var raw = new RawClient(server.port())) {
            return raw.write(request).readStatus();
        }
    }

    @Test
    void contentIsMadeForEachRequest() throws Exception {
        try (var server = server().start()) {
            HttpResponse<String> first = get(server, "/status?a=b");

            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.body()).isEqualTo("1");
            assertThat(first.headers().firstValue("content-type")).contains(JSON);
            assertThat(first.headers().firstValue("cache-control")).contains("no-store");
            assertThat(first.headers().firstValue("x-content-type-options")).contains("nosniff");
            assertThat(get(server, "/status").body()).isEqualTo("2");
            assertThat(get(server, "/").body()).isEqualTo("page");
            assertThat(server.stats().refused()).isZero();
        }
    }

    @Test
    void headHasTheHeadersAlone() throws Exception {
        try (var server = server().start()) {
            HttpResponse<String> head = client.send(
                    request(server, "/status")
                            .method("HEAD", BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());

            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("content-length")).contains("1");
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void otherMethodsMakeNothing() throws Exception {
        try (var server = server().start()) {
            HttpResponse<String> answer = client.send(
                    request(server, "/status")
                            .POST(BodyPublishers.ofString("abc"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(made).hasValue(0);
        }
    }

    @Test
    void aBodyAndWhatFollowsAreOfNoInterest() throws Exception {
        try (var server = server().start()) {
            String request = "GET /status HTTP/1.1\r\nHost: localhost\r\n";

            assertThat(raw(server, request + "Content-Length: 3\r\n\r\nabcGET /status HTTP/1.1\r\n\r\n"))
                    .contains(" 200 ");
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void contentThatFailsIsAWarning() throws Exception {
        Supplier<byte[]> failing = () -> {
            throw new IllegalStateException("planted by a test");
        };
        try (var lines = LogLines.of(Inquiry.class, Level.ALL);
                var server = server().resource("/failing", JSON, failing)
                        .resource("/null", JSON, MadeResourcesTest::nothing)
                        .resource("/large", JSON, () -> new byte[(16 << 20) + 1])
                        .start()) {
            assertThat(get(server, "/failing").statusCode()).isEqualTo(500);
            assertThat(get(server, "/null").statusCode()).isEqualTo(500);
            assertThat(get(server, "/large").statusCode()).isEqualTo(500);

            assertThat(lines.all()).hasSize(3).allMatch(line -> line.getLevel().equals(Level.WARNING));
            assertThat(lines.all().get(0).getThrown()).hasMessage("planted by a test");
            assertThat(lines.all().get(2).getThrown()).hasMessageContaining("16777217");
        }
    }

    @SuppressWarnings("NullAway")
    private static byte[] nothing() {
        return null;
    }

    @Test
    void theUpgradeHandlerSaysWhoMaySeeIt() throws Exception {
        UpgradeHandler byToken = request -> request.path().equals("/status")
                        && request.query("token").filter("good"::equals).isPresent()
                ? UpgradeAnswer.accept("ignored")
                : UpgradeAnswer.refuse(401, "a token is needed");
        try (var server = server().onUpgrade(byToken).start()) {
            assertThat(get(server, "/status").statusCode()).isEqualTo(401);
            assertThat(get(server, "/status").body()).isEqualTo("a token is needed\n");
            assertThat(made).hasValue(0);
            assertThat(get(server, "/status?token=good").body()).isEqualTo("1");
            // files of a page are for everybody
            assertThat(get(server, "/").body()).isEqualTo("page");
            assertThat(server.stats().refused()).isEqualTo(2);
            assertThat(server.stats().accepted()).isZero();
        }
    }

    @Test
    void itTakesNoPlace() throws Exception {
        try (var server = server().maxConnections(1).start();
                var socket =
                        WebSocketClient.builder(server.uri(), new Recorder()).connect()) {
            assertThat(get(server, "/status").body()).isEqualTo("1");
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void contentThatBlocksIsCutOffAtTheDeadline() throws Exception {
        var never = new CompletableFuture<byte[]>();
        try (var server = server().resource("/slow", JSON, never::join)
                        .handshakeTimeout(Duration.ofMillis(50))
                        .start();
                var raw = new RawClient(server.port())) {
            raw.write("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(raw.isAtEnd()).isTrue();
            never.complete(new byte[0]);
        }
    }

    @Test
    void itIsServedInTlsWithAnOrderlyEnd() throws Exception {
        var secure = HttpClient.newBuilder()
                .sslContext(((JdkSslContext) TestTls.client()).context())
                .build();
        try (var server = server().tls(TestTls.server()).start()) {
            URI page = URI.create("https://127.0.0.1:" + server.port() + "/status");

            var answer = secure.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());

            assertThat(answer.body()).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "box.example, 200",
        "BOX.example:8443, 200",
        "localhost, 200",
        "box.example.evil.example, 403",
        "evil.example, 403",
    })
    void allowedNamesAreAdmitted(String host, int status) throws Exception {
        try (var server = server().allowHost("Box.Example").allowHost("other").start()) {
            assertThat(raw(server, "GET /status HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                    .contains(" " + status + " ");
            assertThat(raw(server, "GET /live HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                    .contains(status == 200 ? " 426 " : " 403 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "box.example:80", "http://box.example", "a b", "/", "box/"})
    void whatIsNoNameIsRefusedAtTheCall(String name) {
        assertThatThrownBy(() -> server().allowHost(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void badChoicesAreRefusedAtTheCall() {
        assertThatThrownBy(() -> server().resource("/status", JSON, this::next))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/status");
        assertThatThrownBy(() -> server().resource("/a", "text/html\r\nX: y", this::next))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server().resource("/live", JSON, this::next).start())
                .isInstanceOf(IllegalStateException.class);
    }
}
