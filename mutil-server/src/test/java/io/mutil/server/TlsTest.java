package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.mutil.testkit.TestTls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is trusted. That frames pass is tested with the other ways. */
class TlsTest {
    static List<Way> ways() {
        return List.of(new Way("tcp", Transport.best(), false), new Way("ws", Transport.best(), false));
    }

    private static void assertWorks(Connection connection) throws Exception {
        connection.write(ByteBuffer.allocate(3));
        assertThat(connection.read()).isEqualTo(ByteBuffer.allocate(3));
    }

    /** The stranger gets no answer, and whoever reads the log what he was. */
    @Test
    void strayAtATlsPortIsClosedAtOnceAndTold() throws Exception {
        Way tls = new Way("tcp", Transport.best(), true);
        try (var log = LogLines.of(Authenticator.class, Level.WARNING);
                Server server =
                        tls.server(c -> {}).handshakeTimeout(ofMinutes(5)).start();
                RawPeer stray = RawPeer.connect(server)) {
            stray.write("GET /index.html HTTP/1.1\r\n\r\n".getBytes(UTF_8)).readToEnd();

            Eventually.until("told", () -> !log.all().isEmpty());
            assertThat(log.all().get(0).getMessage())
                    .contains("127.0.0.1", "an HTTP client", "does not speak TLS")
                    .doesNotContain("index");
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void serverThatNobodyVouchesForIsNotTrusted(Way way) throws Exception {
        try (Server server = way.server(c -> {}).tls(TestTls.server()).start()) {
            assertThatThrownBy(() -> way.client(server)
                            .tls(TestTls.clientOfOthers())
                            .handshakeTimeout(ofSeconds(30))
                            .connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot connect to " + server.endpoint());
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void clientMayBeAskedForItsCertificate(Way way) throws Exception {
        try (Server server = way.server(ConnectionTest::echo)
                .tls(TestTls.serverThatAsksClients())
                .start()) {
            try (Connection connection =
                    way.client(server).tls(TestTls.clientWithCertificate()).connect()) {
                assertWorks(connection);
            }

            assertThatThrownBy(() -> way.client(server)
                            .tls(TestTls.client())
                            .handshakeTimeout(ofSeconds(30))
                            .connect())
                    .isInstanceOf(IOException.class);
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @Test
    void certificateHasToBeForTheHost() throws Exception {
        Endpoint elsewhere = Endpoint.tcp("127.0.0.2", 0);
        try (Server server = Way.tcp()
                .server(ConnectionTest::echo)
                .listen(elsewhere)
                .tls(TestTls.server())
                .start()) {
            assertThatThrownBy(
                            () -> Way.tcp().client(server).tls(TestTls.client()).connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.2");

            try (Connection connection = Way.tcp()
                    .client(server)
                    .tls(TestTls.client())
                    .verifyHost(false)
                    .connect()) {
                assertWorks(connection);
            }
        }
    }

    @Test
    void nameOfTheHostIsCheckedToo() throws Exception {
        try (Server server = Way.tcp()
                        .server(ConnectionTest::echo)
                        .tls(TestTls.server())
                        .start();
                Connection connection = Way.tcp()
                        .client(Endpoint.tcp("localhost", server.endpoint().port()))
                        .tls(TestTls.client())
                        .connect()) {
            assertWorks(connection);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void endsThatDoNotBothEncryptDoNotMeet(Way way) throws Exception {
        try (Server plain = way.server(c -> {}).start();
                Server encrypted = way.server(c -> {})
                        .tls(TestTls.server())
                        .handshakeTimeout(ofMillis(500))
                        .start()) {
            assertThatThrownBy(() -> way.client(plain)
                            .tls(TestTls.client())
                            .handshakeTimeout(ofSeconds(30))
                            .connect())
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> way.client(encrypted)
                            .handshakeTimeout(ofSeconds(30))
                            .connect())
                    .isInstanceOf(IOException.class);
        }
    }
}
