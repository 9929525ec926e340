package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.TestTls;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The file of a Unix socket, and who is at its other end. */
class UnixSocketTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path file() {
        return directory.resolve("feed.sock");
    }

    private Server.Builder server(Transport transport) {
        return Server.builder(Way.KEYS)
                .listen(Endpoint.unix(file()))
                .transport(transport)
                .onConnection(ConnectionTest::echo);
    }

    private static void assertWorks(Server server) throws Exception {
        try (Connection connection = Client.connect(server.endpoint(), Way.KEYS)) {
            connection.write(ByteBuffer.allocate(3));
            assertThat(connection.read()).isEqualTo(ByteBuffer.allocate(3));
        }
    }

    /** Leaves the file as a killed program does. */
    private void leaveStaleSocket() throws IOException {
        try (var killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(file()));
        }
        assertThat(file()).exists();
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void fileIsThereWhileTheServerIs(Transport transport) throws Exception {
        try (Server server = server(transport).start()) {
            assertThat(file()).exists();
            assertThat(server.endpoint()).isEqualTo(Endpoint.unix(file())).hasToString("unix:" + file());
            assertWorks(server);
        }

        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void whatAKilledProgramLeftIsReplaced(Transport transport) throws Exception {
        leaveStaleSocket();
        assertThatThrownBy(() -> Client.connect(Endpoint.unix(file()), Way.KEYS))
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("cannot connect to unix:" + file());

        try (Server server = server(transport).start()) {
            assertWorks(server);
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void fileOfALivingServerIsLeftAlone(Transport transport) throws Exception {
        try (Server server = server(transport).start()) {
            assertThatThrownBy(() -> server(transport).start())
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("another program listens there");

            assertWorks(server);
        }
    }

    @Test
    void whatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(file(), "precious");

        assertThatThrownBy(() -> server(Transport.best()).start())
                .isInstanceOf(BindException.class)
                .hasMessageContaining("the file is there and is no socket");

        assertThat(file()).hasContent("precious");
    }

    @Test
    void linkIsNoSocketEvenIfItLeadsToOne() throws Exception {
        leaveStaleSocket();
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, file());

        assertThatThrownBy(() ->
                        server(Transport.best()).listen(Endpoint.unix(link)).start())
                .isInstanceOf(BindException.class)
                .hasMessageContaining("no socket");

        assertThat(file()).exists();
    }

    @Test
    void missingDirectoryIsNamed() {
        Path nowhere = directory.resolve("none").resolve("s");

        assertThatThrownBy(() ->
                        server(Transport.best()).listen(Endpoint.unix(nowhere)).start())
                .isInstanceOf(BindException.class)
                .hasMessageContaining("there is no directory " + nowhere.getParent() + "; create it");
        assertThatThrownBy(() -> Client.connect(Endpoint.unix(nowhere), Way.KEYS))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot connect to unix:" + nowhere);
    }

    @Test
    void tooLongPathIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.unix(Path.of("/tmp", "x".repeat(200))))
                .withMessageContaining("had 205")
                .withMessageContaining("use a shorter directory");
    }

    @Test
    void longestPathWorks() throws Exception {
        int max = System.getProperty("os.name").contains("Linux") ? 107 : 103;
        Path longest = directory.resolve("x".repeat(max - directory.toString().length() - 1));

        try (Server server =
                server(Transport.best()).listen(Endpoint.unix(longest)).start()) {
            assertWorks(server);
        }
    }

    @Test
    void fileMayBeForItsOwnerOnly() throws Exception {
        try (Server server = server(Transport.best()).ownerOnly().start()) {
            assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertWorks(server);
        }
    }

    @Test
    void kernelTellsWhoIsThere() throws Exception {
        if (!PeerCredentials.isKnownTo(Transport.best())) {
            return;
        }
        var served = new CompletableFuture<Connection>();
        int uid = (Integer) Files.getAttribute(directory, "unix:uid");
        try (Server server = server(Transport.best())
                        .onConnection(served::complete)
                        .requirePeer(peer -> peer.uid() == uid)
                        .start();
                Connection connection = Client.connect(server.endpoint(), Way.KEYS)) {
            PeerCredentials peer =
                    served.get(30, TimeUnit.SECONDS).peerCredentials().orElseThrow();

            assertThat(peer.uid()).isEqualTo(uid);
            assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
            assertThat(connection.peerCredentials()).contains(peer);
        }
    }

    @Test
    void processThatIsNotWantedIsTurnedAway() throws Exception {
        if (!PeerCredentials.isKnownTo(Transport.best())) {
            return;
        }
        try (Server server = server(Transport.best()).requirePeer(peer -> false).start()) {
            assertThatThrownBy(() -> Client.connect(server.endpoint(), Way.KEYS))
                    .isInstanceOf(IOException.class);
            Eventually.until("counted", () -> server.stats().refused() == 1);
        }
    }

    @Test
    void conditionsThatCannotBeCheckedAreRefused() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> server(Transport.nio()).requirePeer(peer -> true).start())
                .withMessageContaining("not nio")
                .withMessageContaining("netty-transport-native-epoll");
        assertThatIllegalStateException()
                .isThrownBy(() -> server(Transport.best())
                        .listen(Endpoint.tcp(0))
                        .requirePeer(peer -> true)
                        .start())
                .withMessageContaining("requirePeer is for Unix sockets");
        assertThatIllegalStateException()
                .isThrownBy(() -> server(Transport.best())
                        .listen(Endpoint.tcp(0))
                        .ownerOnly()
                        .start())
                .withMessageContaining("ownerOnly is for Unix sockets");
        assertThatIllegalStateException()
                .isThrownBy(() -> server(Transport.best()).tls(TestTls.server()).start())
                .withMessageContaining("TLS has no use on unix:");
        assertThat(file()).doesNotExist();
    }
}
