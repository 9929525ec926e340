package io.mutil.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.TruncatedFrameException;
import io.mutil.server.FaultProxy.Fault;
import io.mutil.server.FaultProxy.Plan;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link FaultTest} for the handshakes behind which frames have no kinds. One end is a raw peer, since through a relay a
 * process does not answer its own challenges.
 */
@Timeout(120)
class BareFaultTest {
    private static final Keys KEYS = Keys.of(Side.SECRET);
    private static final List<Fault> CUTS = List.of(Fault.RESET, Fault.END);

    private final BlockingQueue<Connection> served = new LinkedBlockingQueue<>();

    private Server start(Handshake handshake) throws IOException {
        return Server.builder(KEYS)
                .handshake(handshake)
                .failedAttempts(0)
                .onConnection(served::add)
                .start();
    }

    private Connection served() throws InterruptedException {
        return requireNonNull(served.poll(30, TimeUnit.SECONDS), "no connection");
    }

    private static RawPeer connect(FaultProxy proxy) throws IOException {
        return new RawPeer(
                new Socket(InetAddress.getLoopbackAddress(), proxy.endpoint().port()));
    }

    private static Side client(Handshake handshake) {
        return Side.client(Side.authentication(handshake));
    }

    private static Side server(Handshake handshake) {
        return Side.server(Side.authentication(handshake));
    }

    @ParameterizedTest
    @EnumSource(names = "VERSION_2", mode = EnumSource.Mode.EXCLUDE)
    void cutInTheHandshakeLetsNobodyIn(Handshake handshake) throws Exception {
        try (Server server = start(handshake);
                FaultProxy proxy = FaultProxy.before(server)) {
            long up = honest(handshake, proxy).up().passed();
            long refused = server.stats().refused();
            for (Fault fault : CUTS) {
                for (long after = 0; after < up; after += 3) {
                    proxy.plan(new Plan(fault, after), Plan.PASS);
                    try (RawPeer peer = connect(proxy)) {
                        peer.talk(client(handshake));
                        Eventually.until("it is cut", proxy.next()::isStruck);
                    }
                    refused++;
                }
            }
            long all = refused;
            Eventually.until("all are refused", () -> server.stats().refused() == all);
            assertThat(server.stats().accepted()).isEqualTo(1);
            assertThat(served).isEmpty();
            honest(handshake, proxy);
        }
    }

    /** One that is served. */
    private FaultProxy.Link honest(Handshake handshake, FaultProxy proxy) throws Exception {
        proxy.plan(Plan.PASS, Plan.PASS);
        Side side = client(handshake);
        try (RawPeer peer = connect(proxy)) {
            peer.talk(side);
            assertThat(side.agreement).isNotNull();
            CompletableFuture<Void> end = served().closeAsync();
            assertThat(peer.readToEnd()).isZero();
            peer.endOutput();
            end.get(30, TimeUnit.SECONDS);
        }
        return proxy.next();
    }

    @ParameterizedTest
    @EnumSource(names = "VERSION_2", mode = EnumSource.Mode.EXCLUDE)
    void cutInTheServersHandshakeFailsTheAttempt(Handshake handshake) throws Exception {
        try (var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FaultProxy proxy = FaultProxy.before(Endpoint.tcp(listening.getLocalPort()))) {
            CompletableFuture<Connection> whole = attempt(handshake, proxy, listening);
            whole.get(30, TimeUnit.SECONDS).close();
            long down = proxy.next().down().passed();
            for (Fault fault : CUTS) {
                for (long after = 0; after < down; after += 3) {
                    proxy.plan(Plan.PASS, new Plan(fault, after));
                    CompletableFuture<Connection> attempt = attempt(handshake, proxy, listening);

                    assertThatThrownBy(() -> attempt.get(30, TimeUnit.SECONDS))
                            .isInstanceOf(ExecutionException.class)
                            .hasCauseInstanceOf(IOException.class)
                            .hasMessageContaining("cannot connect to");
                    Eventually.until("it is cut", proxy.next()::isStruck);
                }
            }
        }
    }

    private static CompletableFuture<Connection> attempt(Handshake handshake, FaultProxy proxy, ServerSocket listening)
            throws IOException {
        CompletableFuture<Connection> attempt =
                Client.builder(proxy.endpoint(), KEYS).handshake(handshake).connectAsync();
        try (RawPeer peer = new RawPeer(listening.accept())) {
            peer.talk(server(handshake));
        }
        return attempt;
    }

    private static byte[] frames(int... sizes) {
        ByteBuffer all = ByteBuffer.allocate(Arrays.stream(sizes).sum() + 4 * sizes.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int size : sizes) {
            all.putInt(size).put(FaultWork.CONTENT, 0, size);
        }
        return all.array();
    }

    private Connection open(FaultProxy proxy, RawPeer peer, Plan plan, byte[] said) throws Exception {
        peer.talk(client(Handshake.LEGACY));
        Connection connection = served();
        proxy.next().up().arm(plan);
        try {
            peer.write(said);
        } catch (java.net.SocketException e) {
            assertThat(plan.fault()).isEqualTo(Fault.RESET);
        }
        return connection;
    }

    @Test
    void cutBetweenFramesIsTheEndAndInsideOfOneAnError() throws Exception {
        byte[] said = frames(100, 0, 5_000);
        List<Integer> borders = List.of(0, 104, 108);
        try (Server server = start(Handshake.LEGACY);
                FaultProxy proxy = FaultProxy.before(server)) {
            for (Fault fault : CUTS) {
                for (int after : List.of(0, 1, 3, 4, 50, 103, 104, 105, 107, 108, 110, 112, 3_000, said.length - 1)) {
                    try (RawPeer peer = connect(proxy)) {
                        Connection connection = open(proxy, peer, new Plan(fault, after), said);
                        long whole = borders.stream()
                                .filter(border -> border <= after && border > 0)
                                .count();
                        boolean inOrder = fault == Fault.END && borders.contains(after);
                        assertReads(connection, (int) whole, inOrder);
                    }
                }
            }
            Eventually.until("none stays", () -> server.connections().isEmpty());
            honest(Handshake.LEGACY, proxy);
        }
    }

    private static void assertReads(Connection connection, int whole, boolean inOrder) throws Exception {
        int[] sizes = {100, 0, 5_000};
        for (int i = 0; i < whole; i++) {
            assertThat(connection.read()).isEqualTo(ByteBuffer.wrap(FaultWork.CONTENT, 0, sizes[i]));
        }
        if (inOrder) {
            assertThat(connection.read()).isNull();
        } else {
            assertThatThrownBy(connection::read).isInstanceOf(IOException.class);
        }
        assertThat(connection.closed().get(30, TimeUnit.SECONDS).code())
                .isEqualTo(inOrder ? CloseReason.NO_CODE : CloseReason.ABNORMAL);
    }

    @Test
    void cutInsideOfAFileLeavesWhatWasThere(@TempDir Path dir) throws Exception {
        byte[] said = frames(300_000);
        Path target = dir.resolve("target");
        Files.writeString(target, "old");
        try (Server server = start(Handshake.LEGACY);
                FaultProxy proxy = FaultProxy.before(server)) {
            for (Fault fault : CUTS) {
                for (int after : List.of(1, 4, 5, 13, 70_000, 299_000, said.length - 1)) {
                    try (RawPeer peer = connect(proxy)) {
                        Connection connection = open(proxy, peer, new Plan(fault, after), said);
                        assertThatThrownBy(() -> connection.receiveFile(
                                        FileTarget.of(target).prefixBytes(10)))
                                .isInstanceOf(fault == Fault.END ? TruncatedFrameException.class : IOException.class);
                        assertThat(connection.closed().get(30, TimeUnit.SECONDS).code())
                                .isEqualTo(CloseReason.ABNORMAL);
                        assertThat(target).hasContent("old");
                        assertThat(FaultWork.names(dir)).containsExactly("target");
                    }
                }
            }
            Eventually.until("none stays", () -> server.connections().isEmpty());
        }
    }
}
