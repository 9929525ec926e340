package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer in another language, written from docs/protocol.md alone. */
@Timeout(120)
class PythonVersion2Test {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static Stream<PythonCase> cases(List<Way> ways) {
        return ways.stream().map(way -> new PythonCase(Handshake.VERSION_2, way));
    }

    static Stream<PythonCase> cases() {
        return cases(Way.all());
    }

    static Stream<PythonCase> kinds() {
        return cases(Way.kinds());
    }

    @BeforeAll
    static void needsPython() {
        PythonPeer.require();
    }

    /** What the Python peer does for its clients, see version2_peer.py; at the end tells how the client has closed. */
    private final class Service implements ConnectionHandler {
        private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
        private final Path file = directory.resolve("received");

        @Override
        public void handle(Connection connection) throws Exception {
            Requests requests = Requests.on(connection, PythonVersion2Test::turned);
            for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
                String word = frame.remaining() > 16 ? "" : text(frame);
                switch (word) {
                    case "ask me" -> connection.write(requests.ask(bytes("who are you"), PATIENCE));
                    case "file" -> receive(connection);
                    case "resume" -> {
                        keepFirstHalf(file);
                        receive(connection);
                    }
                    default -> connection.write(frame);
                }
            }
            closed.complete(connection.closeReason().orElseThrow());
        }

        private void receive(Connection connection) throws Exception {
            ReceivedFile received = requireNonNull(connection.receiveFile(file));
            connection.sendFile(FileToSend.of(file).prefix(received.prefix()).sha256());
        }
    }

    private static ByteBuffer turned(ByteBuffer request) throws RequestFailedException {
        if (text(request).equals("no")) {
            throw new RequestFailedException("not this");
        }
        byte[] bytes = new byte[request.remaining()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = request.get(request.limit() - 1 - i);
        }
        return ByteBuffer.wrap(bytes);
    }

    private static void keepFirstHalf(Path file) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(access.length() / 2);
        }
    }

    private static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return UTF_8.decode(requireNonNull(bytes).duplicate()).toString();
    }

    private static String sha256(Path file) throws IOException {
        return HexFormat.of().formatHex(Sha256.newDigest().digest(Files.readAllBytes(file)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pythonIsServed(PythonCase at) throws Exception {
        var service = new Service();
        try (Server server = at.server(service);
                PythonPeer peer = at.pythonClient(server, Way.KEY)) {
            assertThat(peer.result()).isEqualTo("ended");
            assertThat(service.closed.get(30, TimeUnit.SECONDS)).isEqualTo(new CloseReason(3001, "that was all"));
            Way.clean(server.endpoint());
        }
    }

    /** One connection to a Python server, and that the server ended without a complaint. */
    private void withServer(PythonCase at, Conversation conversation) throws Exception {
        // a machine with much else to do may keep Python from saying anything for seconds
        withServer(at, PATIENCE, conversation);
    }

    private void withServer(PythonCase at, Duration pingInterval, Conversation conversation) throws Exception {
        Endpoint endpoint = at.endpoint();
        try (PythonPeer peer = at.pythonServer(endpoint)) {
            Connection connection = at.client(peer.listening(endpoint), Way.KEYS)
                    .pingInterval(pingInterval)
                    .connect();
            try (connection) {
                conversation.with(connection);
                connection.closeAsync(4000, "enough").get(30, TimeUnit.SECONDS);
            }
            assertThat(peer.result()).isEqualTo("closed 4000 enough\nended");
        }
        Way.clean(endpoint);
    }

    private interface Conversation {
        void with(Connection connection) throws Exception;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pythonServes(PythonCase at) throws Exception {
        withServer(at, connection -> {
            assertThat(connection.maxPayload()).isEqualTo(64 << 20);
            PythonCase.assertThatPayloadsComeBack(connection);
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void pythonAnswersAndAsks(PythonCase at) throws Exception {
        withServer(at, connection -> {
            Requests requests = Requests.on(connection, PythonVersion2Test::turned);
            var first = requests.askAsync(bytes("abc"), PATIENCE);
            var second = requests.askAsync(bytes(""), PATIENCE);
            assertThat(text(second.get())).isEmpty();
            assertThat(text(first.get())).isEqualTo("cba");
            assertThatThrownBy(() -> requests.ask(bytes("no"), PATIENCE))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessage("not this");

            connection.write(bytes("ask me"));
            assertThat(text(connection.read())).isEqualTo("uoy era ohw");
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void filesGoToPythonAndBack(PythonCase at) throws Exception {
        Path sent = directory.resolve("sent");
        Path back = directory.resolve("back");
        withServer(at, connection -> {
            for (int size : new int[] {0, 1, (8 << 20) + 1}) {
                byte[] content = new byte[size];
                new Random(size).nextBytes(content);
                Files.write(sent, content);
                connection.write(bytes("file"));
                connection.sendFile(FileToSend.of(sent).prefix("its prefix").sha256());
                ReceivedFile received = requireNonNull(connection.receiveFile(back));
                assertThat(received.prefixText()).isEqualTo("its prefix");
                assertThat(received.sha256()).contains(sha256(sent));
                assertThat(sha256(back)).isEqualTo(sha256(sent));

                connection.write(bytes("resume"));
                connection.sendFile(FileToSend.of(sent).resumeAt(size / 2).sha256());
                assertThat(requireNonNull(connection.receiveFile(back)).size()).isEqualTo(size);
                assertThat(sha256(back)).isEqualTo(sha256(sent));
            }
        });
    }

    @Test
    void signsOfLifeGoBothWays() throws Exception {
        withServer(new PythonCase(Handshake.VERSION_2, Way.tcp()), Duration.ofMillis(600), connection -> {
            connection.write(bytes("heartbeats"));
            // four of ours take longer than the three intervals after which Python would be dead without its own
            assertThat(text(connection.read())).isEqualTo("heartbeats");
            assertThat(connection.isOpen()).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPythonServerRefusesAnUnknownId(PythonCase at) throws Exception {
        Keys unknown = Keys.builder().add("another id", Way.KEY).build();
        Endpoint endpoint = at.endpoint();
        try (PythonPeer peer = at.pythonServer(endpoint)) {
            Client.Builder client = at.client(peer.listening(endpoint), unknown);

            assertThatThrownBy(client::connect).isInstanceOf(AuthenticationException.class);

            assertThat(peer.result()).isEqualTo("refused");
        }
        Way.clean(endpoint);
    }
}
