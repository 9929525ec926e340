package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.testkit.Eventually;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    private static final String APPLE = "{\"sym\": \"AAPL\",  \"price\": 1.50}";

    private ScriptedUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = new ScriptedUpstream();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private String upstreamUri() {
        return upstream.uri().toString();
    }

    private static void assumeSignals() {
        assumeTrue(File.separatorChar == '/', "skipped on Windows, which has no such signals");
    }

    @Test
    void servesAClientAndEndsCleanlyWhenItIsTerminated() throws Exception {
        assumeSignals();
        try (Program program = Program.start("127.0.0.1", "0", upstreamUri(), "--drain", "10ms");
                TestClient client = new TestClient(program.awaitListening())) {
            client.command("{\"subscribe\": [\"AAPL\"]}");
            upstream.send(APPLE);
            assertThat(client.next()).isEqualTo(APPLE);

            program.terminate();

            assertThat(client.closeReason().code()).isEqualTo(1012);
            assertThat(program.line()).isEqualTo("stopping, 1 client is told within 10 ms");
            assertThat(program.line()).isEqualTo("stopped; messages: 1 in, 2 out, 0 missed by clients that were slow");
            assertThat(program.awaitEnd()).isZero();
            assertThat(program.errors()).noneMatch(line -> line.contains("WARNING") || line.contains("\tat "));
        }
    }

    @Test
    void aPortInUseIsOneLineThatSaysWhatToDo(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("feed.rec");
        String taken = String.valueOf(upstream.uri().getPort());
        try (Program program = Program.start("127.0.0.1", taken, upstreamUri(), "--record", file.toString())) {
            assertThat(program.awaitEnd()).isEqualTo(1);
            assertThat(program.errors())
                    .singleElement()
                    .asString()
                    .startsWith("wproxy: cannot listen on")
                    .contains("127.0.0.1:" + taken)
                    .contains("choose another");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void anUnknownOptionIsExplained() throws Exception {
        try (Program program = Program.start("--what")) {
            assertThat(program.awaitEnd()).isEqualTo(2);
            assertThat(program.errors())
                    .containsExactly("wproxy: Unknown option: '--what'", "--help tells all options");
        }
    }

    @Test
    void admitsTokensInTheHeaderAndInTheQuery(@TempDir Path folder) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "# who may come\nlong-token\nnarrow MSFT\n");
        try (Program program = Program.start("127.0.0.1", "0", upstreamUri(), "--token-file", tokens.toString())) {
            URI uri = program.awaitListening();
            WebSocket admitted = WebSocketClient.builder(uri, new WebSocketListener() {})
                    .header("Authorization", "Bearer long-token")
                    .connect();
            assertThat(admitted.isOpen()).isTrue();
            try (TestClient narrow = new TestClient(uri.resolve("/?token=narrow"))) {
                narrow.say("{\"subscribe\": [\"AAPL\"]}");
                assertThat(narrow.next()).contains("Not allowed");
                narrow.command("{\"subscribe\": [\"MSFT\"]}");
            }
            assertThatThrownBy(() -> new TestClient(uri)).hasMessageContaining("401");
            assertThatThrownBy(() -> new TestClient(uri.resolve("/?token=other")))
                    .hasMessageContaining("401");
            admitted.close();
        }
    }

    @Test
    void aBadTokenFileIsOneLineWithoutTokens(@TempDir Path folder) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "a-secret AAPL,\n");
        try (Program program = Program.start("127.0.0.1", "0", upstreamUri(), "--token-file", tokens.toString())) {
            assertThat(program.awaitEnd()).isEqualTo(1);
            assertThat(program.errors())
                    .filteredOn(line -> !line.contains("can be read by everybody"))
                    .singleElement()
                    .asString()
                    .startsWith("wproxy: ")
                    .contains("line 1")
                    .doesNotContain("a-secret");
        }
    }

    @Test
    void whatItHasRecordedItReplaysByteForByte(@TempDir Path folder) throws Exception {
        assumeSignals();
        String list = "[" + APPLE + " , {\"sym\":\"MSFT\"}]  ";
        try (Program program = Program.start(
                        "127.0.0.1",
                        "0",
                        upstreamUri(),
                        "--drain",
                        "0",
                        "--record",
                        folder.resolve("feed-{now}.rec").toString());
                TestClient client = new TestClient(program.awaitListening())) {
            client.command("{\"subscribe:all\": true}");
            upstream.send(APPLE);
            upstream.send(list);
            upstream.send("last");
            assertThat(List.of(client.next(), client.next(), client.next())).containsExactly(APPLE, list, "last");
            program.terminate();
            assertThat(program.awaitEnd()).isZero();
        }
        Path file;
        try (var files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        assertThat(file.getFileName().toString()).matches("feed-\\d{8}T\\d{6}Z\\.rec");
        try (Program program = Program.start("127.0.0.1", "0", "--replay", file.toString(), "--speed", "max");
                TestClient client = new TestClient(program.awaitListening())) {
            client.command("{\"subscribe:all\": true}");

            assertThat(client.next()).isEqualTo(APPLE);
            assertThat(client.next()).isEqualTo(list);
            assertThat(client.next()).isEqualTo("last");
        }
    }

    @Test
    void aKilledProgramLeavesARecordingThatCanBePlayed(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("feed.rec");
        try (Program program = Program.start("127.0.0.1", "0", upstreamUri(), "--record", file.toString())) {
            program.awaitListening();
            upstream.send(APPLE);
            Eventually.until("a message on the disk", () -> size(file) > APPLE.length() + 100);
            program.kill();
            program.awaitEnd();
        }
        try (WProxy proxy = WProxy.builder(Upstream.replay(file)).start();
                TestClient client = TestClient.of(proxy, "AAPL")) {
            assertThat(client.next()).isEqualTo(APPLE);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
