package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.codec.internal.BlockingThreads;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.mutil.testkit.TestTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpgradeHandlerTest {
    private static final String GOOD = RawClient.handshake("Host: localhost\r\n");

    private final Recorder recorder = new Recorder();

    private WebSocketServer.Builder server(UpgradeHandler handler) {
        return WebSocketServer.builder(recorder).onUpgrade(handler);
    }

    private static String answer(WebSocketServer server, String request) throws IOException {
        try (var client = new RawClient(server.port())) {
            return client.write(request).readStatus();
        }
    }

    private static UpgradeAnswer get(CompletableFuture<UpgradeAnswer> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoIsAcceptedHasWhatTheHandlerGave() throws Exception {
        try (var server = server(request -> UpgradeAnswer.accept("user of " + request.path()))
                        .path("/live")
                        .start();
                var client =
                        WebSocketClient.builder(server.uri(), new Recorder()).connect()) {
            client.send("hello");

            assertThat(recorder.next("text")).isEqualTo("text hello");
            assertThat(recorder.socket().attachment()).contains("user of /live");
            assertThat(client.attachment()).isEmpty();
            assertThat(server.stats().accepted()).isEqualTo(1);
            assertThat(server.stats().refused()).isZero();
        }
    }

    private record Tokens(Map<String, String> users) {
        @Nullable
        String userOf(String token) {
            return users.get(token);
        }
    }

    @Test
    void exampleOfTheDocumentationWorks() throws Exception {
        var tokens = new Tokens(Map.of("Bearer 1", "ann"));
        UpgradeHandler onlyWithToken = request -> request.header("Authorization")
                .map(tokens::userOf)
                .map(UpgradeAnswer::accept)
                .orElse(UpgradeAnswer.refuse(401, "a token is needed"));
        try (var server = server(onlyWithToken).start()) {
            assertThat(answer(server, GOOD)).contains(" 401 ");
            assertThat(answer(server, GOOD.replace("\r\n\r\n", "\r\nAuthorization: Bearer 2\r\n\r\n")))
                    .contains(" 401 ");
            WebSocketClient.builder(server.uri(), new Recorder())
                    .header("Authorization", "Bearer 1")
                    .connect()
                    .close();

            assertThat(recorder.socket().attachment()).contains("ann");
        }
    }

    @Test
    void whoIsRefusedIsToldAndCounted() throws Exception {
        try (var server = server(request -> UpgradeAnswer.refuse(401, "a token is needed"))
                .start()) {
            try (var client = new RawClient(server.port()).write(GOOD)) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 401 ").contains("connection: close");
                assertThat(client.readStatus()).isEqualTo("a token is needed\n");
            }

            assertThatThrownBy(() -> WebSocketClient.builder(server.uri(), new Recorder())
                            .connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("401");
            assertThat(server.stats().refused()).isEqualTo(2);
            assertThat(recorder.events).isEmpty();
        }
    }

    @Test
    void theHandlerSeesTheRequest() throws Exception {
        var seen = new CompletableFuture<UpgradeRequest>();
        try (var server = server(request -> {
                    seen.complete(request);
                    return UpgradeAnswer.accept();
                })
                .start()) {
            URI uri = URI.create(server.uri() + "?token=a%20b%26&token=second&x=1;2&empty");
            try (var client = WebSocketClient.builder(uri, new Recorder())
                    .header("Authorization", "Bearer secret")
                    .connect()) {
                UpgradeRequest request = seen.get(30, TimeUnit.SECONDS);

                assertThat(client.isOpen()).isTrue();
                assertThat(request.path()).isEqualTo("/");
                assertThat(request.query("token")).contains("a b&");
                assertThat(request.query("x")).contains("1;2");
                assertThat(request.query("empty")).contains("");
                assertThat(request.query("other")).isEmpty();
                assertThat(request.header("authorization")).contains("Bearer secret");
                assertThat(request.header("Cookie")).isEmpty();
                assertThat(request.remoteAddress()).isEqualTo(recorder.socket().remoteAddress());
                assertThat(((InetSocketAddress) request.remoteAddress())
                                .getAddress()
                                .isLoopbackAddress())
                        .isTrue();
                assertThat(request.certificate()).isEmpty();
                assertThat(request.toString())
                        .startsWith("UpgradeRequest[/ from ")
                        .doesNotContain("token", "secret");
                assertThat(recorder.socket().attachment()).isEmpty();
            }
        }
    }

    @Test
    void theHandlerSeesTheCertificateOfTheClient() throws Exception {
        UpgradeHandler byName = request -> request.certificate()
                .map(own -> UpgradeAnswer.accept(own.getSubjectX500Principal().getName()))
                .orElse(UpgradeAnswer.refuse(403, "no certificate"));
        try (var server = server(byName).tls(TestTls.serverThatAsksClients()).start();
                var client = WebSocketClient.builder(server.uri(), new Recorder())
                        .tls(TestTls.clientWithCertificate())
                        .connect()) {
            assertThat(client.isOpen()).isTrue();
            assertThat(recorder.socket().attachment()).contains("CN=client");
        }
        try (var server = server(byName).tls(TestTls.server()).start()) {
            assertThatThrownBy(() -> WebSocketClient.builder(server.uri(), new Recorder())
                            .tls(TestTls.client())
                            .connect())
                    .hasMessageContaining("403");
        }
    }

    @Test
    void nobodyIsAskedAboutWhatIsNotInOrder() throws Exception {
        UpgradeHandler never = request -> {
            throw new AssertionError("asked about " + request);
        };
        try (var server = server(never).start()) {
            assertThat(answer(server, GOOD.replace("GET / ", "GET /other "))).contains("404");
            assertThat(answer(server, GOOD.replace("Version: 13", "Version: 8")))
                    .contains("426");
            assertThat(answer(server, RawClient.handshake("Host: localhost\r\nOrigin: http://evil.example\r\n")))
                    .contains("403");
            assertThat(answer(server, GOOD.replace("GET / ", "GET /?a=%zz "))).contains("400");
            assertThat(server.stats().refused()).isEqualTo(4);
        }
    }

    /** What a handler that is not checked may give. */
    @SuppressWarnings("NullAway")
    private static UpgradeAnswer nothing() {
        return null;
    }

    @Test
    void aHandlerThatFailsIsAWarningWithoutTheQuery() throws Exception {
        try (var lines = LogLines.of(Inquiry.class, Level.ALL);
                var server = server(request -> {
                            if (request.query("null").isPresent()) {
                                return nothing();
                            }
                            throw new IOException("planted by a test");
                        })
                        .start()) {
            assertThat(answer(server, GOOD.replace("GET / ", "GET /?token=secret ")))
                    .contains(" 500 ");
            assertThat(answer(server, GOOD.replace("GET / ", "GET /?null "))).contains(" 500 ");

            assertThat(lines.at(Level.WARNING))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("500").doesNotContain("secret", "null"));
            assertThat(lines.all().get(0).getThrown()).hasMessage("planted by a test");
            assertThat(server.stats().refused()).isEqualTo(2);
        }
    }

    @Test
    void withoutAThreadTheAnswerIs503() throws Exception {
        try (var lines = LogLines.of(Inquiry.class, Level.ALL);
                var server = server(request -> UpgradeAnswer.accept())
                        .executor(task -> {
                            throw new RejectedExecutionException("planted by a test");
                        })
                        .start()) {
            assertThat(answer(server, GOOD)).contains(" 503 ");
            assertThat(answer(server, GOOD)).contains(" 503 ");
            assertThat(lines.at(Level.WARNING)).hasSize(2);
        }
    }

    /** Virtual threads are not counted. */
    @Test
    void soManyThreadsAskAndOthersWaitForThem() throws Exception {
        int many = 210;
        int threads = BlockingThreads.areVirtual() ? many : 200;
        var answer = new CompletableFuture<UpgradeAnswer>();
        var waiting = new AtomicInteger();
        var most = new AtomicInteger();
        var clients = new ArrayList<RawClient>();
        try (var server = server(request -> {
                    most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
                    get(answer);
                    waiting.decrementAndGet();
                    return UpgradeAnswer.accept();
                })
                .handshakeTimeout(Duration.ofMinutes(1))
                .start()) {
            for (int i = 0; i < many; i++) {
                clients.add(new RawClient(server.port()).write(GOOD));
            }
            Eventually.until("all threads ask", () -> waiting.get() == threads);

            answer.complete(UpgradeAnswer.accept());

            for (RawClient client : clients) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
                client.close();
            }
            assertThat(most).hasValue(threads);
        }
    }

    /** Answers what the test says, when it says it. */
    private static final class Pondering implements UpgradeHandler {
        private final CompletableFuture<Void> asked = new CompletableFuture<>();
        private final CompletableFuture<UpgradeAnswer> answer = new CompletableFuture<>();

        @Override
        public UpgradeAnswer onUpgrade(UpgradeRequest request) throws Exception {
            asked.complete(null);
            return get(answer);
        }

        void awaitQuestion() throws Exception {
            asked.get(30, TimeUnit.SECONDS);
        }

        void answer(UpgradeAnswer says) {
            answer.complete(says);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void whatComesBeforeTheAnswerIsReadBehindIt(Transport transport) throws Exception {
        var handler = new Pondering();
        try (var server = server(handler).transport(transport).start();
                var client = new RawClient(server.port())) {
            var both = new ByteArrayOutputStream();
            both.writeBytes(GOOD.getBytes(US_ASCII));
            both.writeBytes(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x', (byte) 0x81});
            client.write(both.toByteArray());
            handler.awaitQuestion();
            client.write(new byte[] {(byte) 0x81, 0, 0, 0, 0, 'y'}).text("z");

            handler.answer(UpgradeAnswer.accept());

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(recorder.next()).isEqualTo("open");
            assertThat(recorder.next()).isEqualTo("text x");
            assertThat(recorder.next()).isEqualTo("text y");
            assertThat(recorder.next()).isEqualTo("text z");
            client.text("later");
            assertThat(recorder.next()).isEqualTo("text later");
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void aPeerThatHasSaidAllAndEndsItsHalfIsHeard(Transport transport) throws Exception {
        var handler = new Pondering();
        try (var server = server(handler).transport(transport).start();
                var client = new RawClient(server.port()).write(GOOD).text("all")) {
            client.endOutput();
            handler.awaitQuestion();

            handler.answer(UpgradeAnswer.accept());

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(recorder.next()).isEqualTo("open");
            assertThat(recorder.next()).isEqualTo("text all");
            assertThat(recorder.next()).startsWith("close 1006");
            client.readToEnd();
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void aRefusedPeerThatEndsItsHalfIsAnsweredAndClosed(Transport transport) throws Exception {
        var handler = new Pondering();
        try (var server = server(handler)
                        .transport(transport)
                        .handshakeTimeout(Duration.ofMinutes(5))
                        .start();
                var client = new RawClient(server.port()).write(GOOD).text("all")) {
            client.endOutput();
            handler.awaitQuestion();

            handler.answer(UpgradeAnswer.refuse(403, "no"));

            assertThat(client.readStatus()).contains(" 403 ");
            assertThat(server.stats().refused()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void aPeerThatLeavesMeanwhileTakesNoPlace(Transport transport) throws Exception {
        var first = new CompletableFuture<UpgradeAnswer>();
        var asked = new CompletableFuture<Void>();
        try (var server = server(request -> {
                    if (asked.complete(null)) {
                        return get(first);
                    }
                    return UpgradeAnswer.accept();
                })
                .transport(transport)
                .maxConnections(1)
                .start()) {
            try (var client = new RawClient(server.port()).write(GOOD)) {
                asked.get(30, TimeUnit.SECONDS);
                client.reset();
            }
            first.complete(UpgradeAnswer.accept());

            Eventually.until("there is a place", () -> opens(server));
        }
    }

    private static boolean opens(WebSocketServer server) {
        try {
            RawClient.upgraded(server.port()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aPlaceIsTakenWhenTheAnswerIsThere() throws Exception {
        var waiting = new CompletableFuture<UpgradeAnswer>();
        var asked = new CompletableFuture<Void>();
        try (var server = server(request -> {
                            if (request.query("wait").isPresent()) {
                                asked.complete(null);
                                return get(waiting);
                            }
                            return UpgradeAnswer.accept();
                        })
                        .maxConnections(1)
                        .start();
                var patient = new RawClient(server.port()).write(GOOD.replace("GET / ", "GET /?wait "))) {
            asked.get(30, TimeUnit.SECONDS);
            try (var quick = RawClient.upgraded(server.port())) {
                assertThat(quick.isConnected()).isTrue();
                waiting.complete(UpgradeAnswer.accept());

                assertThat(patient.readStatus()).contains(" 503 ");
                assertThat(server.stats().refused()).isEqualTo(1);
            }
        }
    }

    @Test
    void theTimeOfTheHandshakeCoversTheHandler() throws Exception {
        var answer = new CompletableFuture<UpgradeAnswer>();
        try (var server = server(request -> get(answer))
                        .handshakeTimeout(Duration.ofMillis(50))
                        .start();
                var client = new RawClient(server.port()).write(GOOD)) {
            assertThat(client.isAtEnd()).isTrue();
            Eventually.until("counted", () -> server.stats().refused() == 1);

            answer.complete(UpgradeAnswer.accept());
            assertThat(recorder.events).isEmpty();
        }
    }

    @Test
    void aServerThatClosesWaitsForNoAnswer() throws Exception {
        var handler = new Pondering();
        try (var server =
                        server(handler).handshakeTimeout(Duration.ofMinutes(5)).start();
                var client = new RawClient(server.port()).write(GOOD)) {
            handler.awaitQuestion();

            server.closeAsync().get(30, TimeUnit.SECONDS);

            assertThat(client.isAtEnd()).isTrue();
            handler.answer(UpgradeAnswer.accept());
        }
    }

    @Test
    void compressionIsAgreedOnBehindTheAnswer() throws Exception {
        try (var server = WebSocketServer.builder(new Echo())
                        .onUpgrade(request -> UpgradeAnswer.accept())
                        .compression(true)
                        .start();
                var client = WebSocketClient.builder(server.uri(), recorder)
                        .compression(true)
                        .connect()) {
            client.send("a".repeat(1000));

            assertThat(recorder.next("text")).isEqualTo("text " + "a".repeat(1000));
        }
    }

    @Test
    void badAnswersAreRefusedAtTheCall() {
        assertThatThrownBy(() -> UpgradeAnswer.refuse(399, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("399");
        assertThatThrownBy(() -> UpgradeAnswer.refuse(600, "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UpgradeAnswer.refuse(400, "a\r\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThat(UpgradeAnswer.refuse(404, "secret")).hasToString("UpgradeAnswer[refuse, 404 Not Found]");
    }
}
