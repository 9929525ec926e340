package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FrameFormat;
import io.mutil.testkit.Eventually;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastGroupTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private final BroadcastGroup group = new BroadcastGroup(Overflow.REJECT);

    @Test
    void everyMemberGetsTheFrameWhateverItTravelsOn() throws Exception {
        var servers = new ArrayList<Server>();
        var clients = new ArrayList<Connection>();
        for (Way way : Way.kinds()) {
            Server server = way.server(group::add).start();
            servers.add(server);
            clients.add(way.client(server).connect());
        }
        for (Handshake handshake : List.of(Handshake.LEGACY, Handshake.MULTIPROCESSING)) {
            Server server = Way.tcp().server(group::add).handshake(handshake).start();
            servers.add(server);
            clients.add(Way.tcp().client(server).handshake(handshake).connect());
        }
        FrameFormat wide = FrameFormat.littleEndian(8);
        Server wideServer = Way.tcp().server(group::add).format(wide).start();
        servers.add(wideServer);
        clients.add(Way.tcp().client(wideServer).format(wide).connect());
        Eventually.until("all are in", () -> group.size() == clients.size());

        ByteBuffer large = ByteBuffer.allocate(100_000).put(0, (byte) 1);
        assertThat(group.send(bytes("small"))).isEqualTo(clients.size());
        assertThat(group.send(large)).isEqualTo(clients.size());

        assertThat(large.remaining()).isEqualTo(100_000);
        for (Connection client : clients) {
            assertThat(client.read()).isEqualTo(bytes("small"));
            assertThat(client.read()).isEqualTo(large);
        }
        assertThat(group.stats()).isEqualTo(new BroadcastGroup.Stats(clients.size(), 2, 2L * clients.size(), 0));
        for (Connection client : clients) {
            client.close();
        }
        Eventually.until("all have left", () -> group.size() == 0);
        assertThat(group.send(bytes("nobody"))).isZero();
        for (Server server : servers) {
            server.close();
            Way.clean(server.endpoint());
        }
    }

    @Test
    void framesComeInOrderBetweenOthers() throws Exception {
        try (Server server = Way.tcp().server(group::add).start();
                Connection client = Way.tcp().client(server).connect()) {
            Eventually.until("it is in", () -> group.size() == 1);
            Connection member = server.connections().iterator().next();
            for (int i = 0; i < 1000; i++) {
                ByteBuffer frame = ByteBuffer.allocate(4 + i * 7 % 3000).putInt(0, i);
                if (i % 3 == 0) {
                    member.write(frame);
                } else {
                    while (group.send(frame) == 0) {
                        member.drainAsync().join();
                    }
                }
            }
            for (int i = 0; i < 1000; i++) {
                ByteBuffer frame = requireNonNull(client.read());
                assertThat(frame.getInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void connectionThatIsAddedWhileItEndsDoesNotStay() {
        var toAdd = new ArrayDeque<Runnable>();
        var members = new HashSet<Connection>() {
            @Override
            public boolean remove(Object connection) {
                boolean removed = super.remove(connection);
                if (!toAdd.isEmpty()) {
                    toAdd.remove().run();
                }
                return removed;
            }
        };
        var other = new BroadcastGroup(Overflow.REJECT, members);
        try (var ending = new WiredChannel()) {
            other.add(ending.connection);
            toAdd.add(() -> other.add(ending.connection));
            ending.connection.closing().drop(new CloseReason(CloseReason.ABNORMAL, "planted by a test"));
            ending.run();

            assertThat(toAdd).isEmpty();
            assertThat(other.size()).isZero();
        }
    }

    @Test
    void slowMemberMissesFrames() {
        try (var slow = new WiredChannel()) {
            group.add(slow.connection);
            while (group.send(ByteBuffer.allocate(1000)) > 0) {
                assertThat(slow.connection.stats().queuedBytes()).isLessThanOrEqualTo(1 << 20);
            }

            assertThat(slow.connection.isOpen()).isTrue();
            assertThat(group.stats().refusals()).isEqualTo(1);
            slow.channel.take(2 << 20);
            slow.run();
            assertThat(group.send(ByteBuffer.allocate(1000))).isEqualTo(1);
        }
    }

    @Test
    void slowMemberMayBeClosedInstead() {
        var strict = new BroadcastGroup(Overflow.CLOSE);
        try (var slow = new WiredChannel()) {
            strict.add(slow.connection);
            while (strict.send(ByteBuffer.allocate(1000)) > 0) {
                assertThat(slow.connection.isOpen()).isTrue();
            }

            assertThat(slow.connection.closeReason())
                    .contains(new CloseReason(CloseReason.TRY_LATER, "outbound queue is full"));
            assertThat(slow.connection.tally().slow()).isEqualTo(1);
            slow.advance(11);
            assertThat(strict.size()).isZero();
        }
    }

    @Test
    void memberThatTakesNoSuchFrameStays() {
        try (var member = new WiredChannel()) {
            group.add(member.connection);

            assertThat(group.send(ByteBuffer.allocate(1001))).isZero();
            assertThat(group.send(ByteBuffer.allocate(1000))).isEqualTo(1);
            assertThat(group.size()).isEqualTo(1);
        }
    }

    @Test
    void whoIsRemovedGetsNothingMore() {
        try (var member = new WiredChannel()) {
            group.add(member.connection);
            group.add(member.connection);
            assertThat(group).hasToString("BroadcastGroup[1 members]");

            group.remove(member.connection);

            assertThat(group.send(bytes("x"))).isZero();
        }
    }

    @Test
    void closedConnectionDoesNotComeIn() {
        try (var member = new WiredChannel()) {
            var unused = member.channel.close();
            member.advance(20);

            group.add(member.connection);

            assertThat(group.size()).isZero();
        }
    }
}
