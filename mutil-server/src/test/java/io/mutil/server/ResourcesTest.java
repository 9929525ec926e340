package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesTest {
    private static final String HTML = "text/html; charset=utf-8";
    private static final byte[] LARGE = "x".repeat(1 << 20).getBytes(UTF_8);

    private final Recorder recorder = new Recorder();
    private final HttpClient client = HttpClient.newHttpClient();
    private WebSocketServer server;

    @BeforeEach
    void start() throws Exception {
        server = WebSocketServer.builder(recorder)
                .path("/live")
                .resource("/", HTML, "<p>\u00fc".getBytes(UTF_8))
                .resource("/large.js", "text/javascript", LARGE)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString(UTF_8));
    }

    private String raw(String request) throws Exception {
        try (var raw = new RawClient(server.port())) {
            return raw.write(request).readStatus();
        }
    }

    @Test
    void answersItsPathsAndOnlyThose() throws Exception {
        HttpResponse<String> page = get("/?a=b");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo("<p>\u00fc");
        assertThat(page.headers().firstValue("content-type")).contains(HTML);
        assertThat(get("/large.js").body()).hasSize(LARGE.length);
        for (String other : new String[] {"/other", "/large.js/", "//", "/%2e%2e/", "/live/", "/LARGE.JS"}) {
            assertThat(get(other).statusCode()).as(other).isEqualTo(404);
        }
        assertThat(get("/live").statusCode()).isEqualTo(426);
        assertThat(server.stats().refused()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../etc/passwd", "/./", "http://127.0.0.1/", "*", "/..%2f"})
    void aPathIsAKeyAndNothingElse(String target) throws Exception {
        assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains("404");
    }

    @Test
    void headHasTheHeadersAlone() throws Exception {
        HttpResponse<String> head = client.send(
                request("/large.js").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-length")).contains(String.valueOf(LARGE.length));
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void otherMethodsAreRefused(String method) throws Exception {
        HttpResponse<String> answer = client.send(
                request("/").method(method, BodyPublishers.ofString("abc")).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
    }

    @Test
    void answersMayLoadNothingFromElsewhereAndAreNotCached() throws Exception {
        var headers = get("/").headers();

        assertThat(headers.firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; ")
                .contains("script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'");
        assertThat(headers.firstValue("x-content-type-options")).contains("nosniff");
        assertThat(headers.firstValue("cache-control")).contains("no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:2220, 200",
        "127.0.0.1, 200",
        "127.0.0.1:8000, 200",
        "[::1]:8000, 200",
        "192.168.1.7, 200",
        "evil.example, 403",
        "evil.example:2220, 403",
        "localhost.evil.example, 403",
        "127.0.0.1.evil.example, 403",
        "localhost@evil.example, 403",
        "'', 403",
        "a b, 403",
    })
    void anotherNameIsRefused(String host, int status) throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).contains(" " + status + " ");
        assertThat(raw("GET /live HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).contains(status == 200 ? " 426 " : " 403 ");
    }

    private String refusalOf(String host) throws Exception {
        try (var raw = new RawClient(server.port()).write("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")) {
            assertThat(raw.readHead()).startsWith("HTTP/1.1 403 ").contains("text/plain");
            return raw.readStatus();
        }
    }

    @Test
    void whoIsRefusedForAnotherNameIsToldHowToAllowIt() throws Exception {
        String next = "; ask for localhost or for an address, or name it to the server with allowHost\n";

        assertThat(refusalOf("Feed.example:2220")).isEqualTo("'feed.example' in Host is no name of this server" + next);
        for (String unclear : new String[] {"", "<script>", "a\tb", "a'b", "a".repeat(254)}) {
            assertThat(refusalOf(unclear)).isEqualTo("a request needs one Host that is a name or an address" + next);
        }
    }

    @Test
    void noHostAndSeveralAreRefused() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\n\r\n")).contains(" 403 ");
        assertThat(raw("GET / HTTP/1.0\r\n\r\n")).contains(" 403 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"))
                .contains(" 403 ");
    }

    @Test
    void theNameThatIsListenedOnIsAdmitted() {
        var own = new Resources(Map.of("/", Resources.Resource.of(HTML, new byte[0])), Set.of("box.example"));

        assertThat(own.admit(new DefaultHttpHeaders().set("Host", "box.EXAMPLE:80")))
                .isTrue();
    }

    @Test
    void theWebSocketIsServedBeside() throws Exception {
        try (var socket = WebSocketClient.builder(server.uri(), new Recorder()).connect()) {
            socket.send("hello");

            assertThat(recorder.next("text")).isEqualTo("text hello");
            assertThat(get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aForeignNameMayNotConnectEvenWithItsOwnOrigin() throws Exception {
        String handshake = RawClient.handshake("Host: evil.example\r\nOrigin: http://evil.example\r\n")
                .replace("GET / ", "GET /live ");

        assertThat(raw(handshake)).contains(" 403 ");
    }

    @Test
    void badChoicesAreRefusedAtTheCall() {
        var builder = WebSocketServer.builder(recorder).path("/a").resource("/b", HTML, new byte[0]);

        assertThatThrownBy(() -> builder.resource("b", HTML, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.resource("/b", HTML, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/b");
        assertThatThrownBy(() -> builder.resource("/c", "text/html\r\nX: y", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.resource("/c", HTML, new byte[(1 << 20) + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1048577");
        assertThatThrownBy(() -> builder.path("/b").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/b");
    }
}
