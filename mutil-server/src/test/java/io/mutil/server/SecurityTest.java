package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Strangers at the door of a listening server. */
@Timeout(60)
class SecurityTest {
    private static final Keys KEYS = Keys.of(Side.SECRET);
    private static final byte[] WRONG = "a key that nobody here has".getBytes(UTF_8);
    private static final byte[] CHALLENGE = "#CHALLENGE#".getBytes(US_ASCII);
    private static final byte[] WELCOME = "#WELCOME#".getBytes(US_ASCII);
    private static final int MULTIPROCESSING_CHALLENGE = 4 + 11 + 48;

    private static Server.Builder listening(Handshake handshake) {
        return Server.builder(KEYS).handshake(handshake).failedAttempts(0).onConnection(ConnectionTest::echo);
    }

    private static Client.Builder client(Handshake handshake, Keys keys, int port) {
        return Client.builder(Endpoint.tcp(port), keys).handshake(handshake);
    }

    private static void assertServes(Server server, Handshake handshake) throws Exception {
        try (Connection honest =
                client(handshake, KEYS, server.endpoint().port()).connect()) {
            honest.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(honest.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
    }

    /** Nobody but the honest client that comes last gets in. */
    private static void assertOnlyTheHonestGetIn(Server server, Handshake handshake, int strangers) throws Exception {
        Eventually.until("strangers refused", () -> server.stats().refused() == strangers);
        assertThat(server.stats().accepted()).isZero();
        assertServes(server, handshake);
        assertThat(server.stats().accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void wrongKeysAreRefused(Handshake handshake) throws Exception {
        try (Server server = listening(handshake).start()) {
            assertThatThrownBy(
                            client(handshake, Keys.of(WRONG), server.endpoint().port())::connect)
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("same key");

            assertOnlyTheHonestGetIn(server, handshake, 1);
        }
    }

    @Test
    void tooManyWrongKeysAreNotEvenLookedAt() throws Exception {
        try (Server server =
                listening(Handshake.MULTIPROCESSING).failedAttempts(3).start()) {
            for (int i = 0; i < 3; i++) {
                try (RawPeer stranger = RawPeer.connect(server)) {
                    stranger.read(MULTIPROCESSING_CHALLENGE);
                    stranger.write(new byte[] {0, 0, 0, 1, 0}).readToEnd();
                }
            }
            try (RawPeer again = RawPeer.connect(server)) {
                assertThat(again.readToEnd()).isZero();
            }
        }
    }

    @Test
    void aLegacyServerDoesNotAnswerItsOwnChallenge() throws Exception {
        try (Server server = listening(Handshake.LEGACY).start()) {
            try (RawPeer first = RawPeer.connect(server);
                    RawPeer second = RawPeer.connect(server)) {
                first.write(Side.join(CHALLENGE, new byte[128])).read(64);
                byte[] challenge = first.write(WELCOME).read(139);
                assertThat(challenge).startsWith(CHALLENGE);

                assertThat(second.write(challenge).readToEnd()).isZero();
            }

            assertOnlyTheHonestGetIn(server, Handshake.LEGACY, 2);
        }
    }

    @Test
    void aClientOfThisProcessDoesNotAnswerTheServersChallenge() throws Exception {
        try (Server server = listening(Handshake.MULTIPROCESSING).start();
                ServerSocket trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            try (RawPeer stranger = RawPeer.connect(server)) {
                byte[] challenge = stranger.read(MULTIPROCESSING_CHALLENGE);
                CompletableFuture<Connection> victim = client(Handshake.MULTIPROCESSING, KEYS, trap.getLocalPort())
                        .connectAsync();
                try (RawPeer trapped = new RawPeer(trap.accept())) {
                    assertThat(trapped.write(challenge).readToEnd()).isZero();
                }
                assertThatThrownBy(() -> victim.get(30, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("issued itself");
            }

            assertOnlyTheHonestGetIn(server, Handshake.MULTIPROCESSING, 1);
        }
    }

    @Test
    void version2CannotBeReflected() throws Exception {
        try (ServerSocket trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> victim =
                    client(Handshake.VERSION_2, KEYS, trap.getLocalPort()).connectAsync();
            try (RawPeer trapped = new RawPeer(trap.accept())) {
                byte[] preamble = trapped.read(56);
                preamble[6] = Preamble.SERVER;
                byte[] proof = trapped.write(preamble).read(64);

                assertThat(trapped.write(Side.join(new byte[] {0}, proof)).readToEnd())
                        .isZero();
            }
            assertThatThrownBy(() -> victim.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("did not prove");
        }
    }

    /** The server has said nothing under its key when it waits for the proof, so that there is nothing to reflect. */
    @Test
    void aVersion2ServersPreambleIsOfNoUseOnASecondConnection() throws Exception {
        try (Server server = listening(Handshake.VERSION_2).start()) {
            byte[] beginning =
                    Side.client(Side.authentication(Handshake.VERSION_2)).begin();
            try (RawPeer first = RawPeer.connect(server);
                    RawPeer asServer = RawPeer.connect(server);
                    RawPeer asClient = RawPeer.connect(server)) {
                byte[] preamble = first.write(beginning).read(56);

                assertThat(asServer.write(preamble).readToEnd()).isEqualTo(1);

                byte[] reflected =
                        asClient.write(changed(preamble, 6, Preamble.CLIENT)).read(56);
                assertThat(asClient.write(Side.join(reflected, new byte[8])).readToEnd())
                        .isEqualTo(1);
            }

            assertOnlyTheHonestGetIn(server, Handshake.VERSION_2, 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTranscriptIsWorthNothingASecondTime(Handshake handshake) throws Exception {
        try (Server server = listening(handshake).start()) {
            List<byte[]> said;
            try (RawPeer honest = RawPeer.connect(server)) {
                Side side = Side.client(Side.authentication(handshake));
                said = honest.talk(side);
                assertThat(side.agreement).isNotNull();
            }
            try (RawPeer again = RawPeer.connect(server)) {
                again.write(Side.join(said.toArray(byte[][]::new)));
                again.endOutput();
                again.readToEnd();
            }

            Eventually.until(
                    "one refused, one accepted",
                    () -> server.stats().refused() == 1 && server.stats().accepted() == 1);
            assertServes(server, handshake);
        }
    }

    @ParameterizedTest
    @EnumSource
    void truncatedHandshakesEnd(Handshake handshake) throws Exception {
        try (Server server = listening(handshake).start()) {
            int messages = handshake == Handshake.VERSION_2 ? 2 : 3; // of the client
            for (int message = 0; message < messages; message++) {
                int cut = message;
                int[] count = {0};
                Side side = Side.client(Side.authentication(handshake));
                try (RawPeer stranger = RawPeer.connect(server)) {
                    stranger.talk(side, bytes -> shortened(stranger, bytes, count[0]++ == cut), bytes -> bytes);
                }
            }

            assertOnlyTheHonestGetIn(server, handshake, messages);
        }
    }

    /** Half of the bytes, and nothing more ever. */
    private static byte[] shortened(RawPeer peer, byte[] bytes, boolean now) {
        if (!now) {
            return bytes;
        }
        try {
            peer.write(Arrays.copyOf(bytes, bytes.length / 2));
            peer.endOutput();
            return new byte[0];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Offsets in a preamble: header width, longest payload. */
    @ParameterizedTest
    @CsvSource({"7, 2", "8, 1", "10, 1", "11, 127"})
    void announcementsCannotBeChangedOnTheWay(int offset, byte value) throws Exception {
        try (Server server = listening(Handshake.VERSION_2).start()) {
            for (int direction = 0; direction < 3; direction++) {
                boolean toServer = direction != 1;
                boolean toClient = direction != 0;
                int[] counts = {0, 0};
                Side side = Side.client(Side.authentication(Handshake.VERSION_2));
                try (RawPeer between = RawPeer.connect(server)) {
                    between.talk(
                            side,
                            bytes -> toServer && counts[0]++ == 0 ? changed(bytes, offset, value) : bytes,
                            bytes -> toClient && counts[1]++ == 0 ? changed(bytes, offset, value) : bytes);
                }
                assertThat(side.agreement).isNull();
            }

            assertOnlyTheHonestGetIn(server, Handshake.VERSION_2, 3);
        }
    }

    private static byte[] changed(byte[] preamble, int offset, byte value) {
        byte[] changed = preamble.clone();
        changed[offset] = value;
        return changed;
    }

    @ParameterizedTest
    @CsvSource({
        "MULTIPROCESSING, 7fffffff",
        "MULTIPROCESSING, ffffffff7fffffffffffffff",
        "VERSION_2, 4d55544c02010104ffffffffffffff7fff",
        "VERSION_2, ffffff7f00",
        "LEGACY, ffffff7f234348414c4c454e474523"
    })
    void nothingIsKeptForWhoAnnouncesTooMuch(Handshake handshake, String announcement) throws Exception {
        try (Server server = listening(handshake).start()) {
            try (RawPeer stranger = RawPeer.connect(server)) {
                stranger.write(HexFormat.of().parseHex(announcement));

                assertThat(stranger.readToEnd()).isLessThanOrEqualTo(MULTIPROCESSING_CHALLENGE);
            }

            assertOnlyTheHonestGetIn(server, handshake, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void silenceEnds(Handshake handshake) throws Exception {
        try (Server server =
                listening(handshake).handshakeTimeout(Duration.ofSeconds(2)).start()) {
            try (RawPeer silent = RawPeer.connect(server)) {
                silent.readToEnd();
            }

            assertOnlyTheHonestGetIn(server, handshake, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThousandHalfOpenHandshakesCostLittle(Handshake handshake) throws Exception {
        try (Server server =
                listening(handshake).handshakeTimeout(Duration.ofMinutes(5)).start()) {
            byte[] beginning = Side.client(Side.authentication(handshake)).begin();
            byte[] half = Arrays.copyOf(beginning, beginning.length / 2);
            var strangers = new ArrayList<RawPeer>();
            try {
                long before = usedBytes();
                for (int i = 0; i < 1000; i++) {
                    strangers.add(RawPeer.connect(server).write(half));
                }
                assertServes(server, handshake);
                assertThat(usedBytes() - before).isLessThan(64L << 20);
                assertThat(server.stats().refused()).isZero();
            } finally {
                for (RawPeer stranger : strangers) {
                    stranger.close();
                }
            }
            Eventually.until("all gone", () -> server.stats().refused() == 1000);
            Eventually.until("challenges retired", () -> IssuedChallenges.PROCESS.size() == 0);
            assertServes(server, handshake);
        }
    }

    private static long usedBytes() {
        var metric = ((ByteBufAllocatorMetricProvider) Transport.best().allocator()).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }
}
