package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said where there is no socket, on each transport. */
class SocketErrorsTest {
    /** Of a range that is set apart for documentation, so no machine has it. */
    private static final String FOREIGN = "203.0.113.5";

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static void listen(Transport transport, Endpoint endpoint) throws IOException {
        Server.builder(Way.KEYS)
                .transport(transport)
                .listen(endpoint)
                .onConnection(c -> {})
                .start()
                .close();
    }

    private static String listenFailure(int port, Exception cause) {
        return String.valueOf(
                SocketErrors.listenFailure(Endpoint.tcp(port), LOOPBACK, cause).getMessage());
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void aPortInUseIsToldSo(Transport transport) throws Exception {
        try (var taken = new ServerSocket(0, 1, LOOPBACK)) {
            Endpoint endpoint = Endpoint.tcp(taken.getLocalPort());
            assertThatThrownBy(() -> listen(transport, endpoint))
                    .isInstanceOf(BindException.class)
                    .hasMessage(
                            "cannot listen on " + endpoint
                                    + ": the port is in use; stop the program that has it, or choose another (0 is any free one)");
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void anAddressOfAnotherMachineIsToldSo(Transport transport) {
        assertThatThrownBy(() -> listen(transport, Endpoint.tcp(FOREIGN, 0)))
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on tcp://203.0.113.5:0: 203.0.113.5 is no address of this machine; use "
                        + "127.0.0.1 for this machine only, or 0.0.0.0 for all its addresses");
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void aNameThatNobodyKnowsIsToldSo(Transport transport) {
        assertThatThrownBy(() -> listen(transport, Endpoint.tcp("no such host", 0)))
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on tcp://no such host:0: unknown host; check its name, or use an address of "
                        + "this machine");
    }

    @ParameterizedTest
    @CsvSource({"Permission denied", "bind(..) failed with error(-13): Permission denied", "Permission denied: bind"})
    void aLowPortWithoutPermissionIsToldSo(String message) {
        assertThat(listenFailure(80, new SocketException(message)))
                .isEqualTo("cannot listen on tcp://127.0.0.1:80: no permission for a port below 1024; choose another "
                        + "from there on, or give the program the right to this one");
        assertThat(listenFailure(8080, new SocketException(message)))
                .contains("permission denied", "check the address");
    }

    @Test
    void whatElseTheSystemSaysIsPassedOn() {
        assertThat(listenFailure(1, new SocketException("bind(..) failed with error(-97): Family unknown")))
                .isEqualTo("cannot listen on tcp://127.0.0.1:1: family unknown; check the address, or choose another "
                        + "port (0 is any free one)");
        assertThat(listenFailure(1, new ClosedChannelException())).contains("ClosedChannelException");
    }

    @ParameterizedTest
    @MethodSource("io.mutil.codec.Transport#available")
    void aServerThatIsDownIsToldInPlainWords(Transport transport) throws Exception {
        URI gone;
        try (var taken = new ServerSocket(0, 1, LOOPBACK)) {
            gone = URI.create("ws://127.0.0.1:" + taken.getLocalPort() + "/feed");
        }
        assertThatThrownBy(() -> WebSocketClient.builder(gone, new WebSocketListener() {})
                        .transport(transport)
                        .connect())
                .isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to " + gone
                        + ": connection refused; check that the server is running and the address is right")
                .hasCauseInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "No route to host: /192.0.2.1:80, no route to host",
        "connection timed out after 50 ms: feed.example.com/192.0.2.1:80, connection timed out after 50 ms",
        "Connection refused: /[0:0:0:0:0:0:0:1]:80, connection refused",
        "connect(..) failed with error(-2): No such file or directory: /run/feed, no such file or directory"
    })
    void theAddressStandsThereOnce(String message, String reason) {
        assertThat(SocketErrors.connectFailure("the target", new IOException(message)))
                .hasMessage("cannot connect to the target: " + reason
                        + "; check that the server is running and the address is right");
    }
}
