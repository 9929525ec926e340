package io.mutil.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.internal.Framing;
import io.mutil.server.FuzzedServer.Use;
import io.mutil.testkit.Mutations;
import io.mutil.testkit.NettyLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Random and damaged bytes to a listening server, from strangers and from peers with the key. */
class FuzzTest {
    private static final int TRIES = 200;
    private static final int SOAK = 100 * TRIES;
    private static final int[] LIMITS = {1, 2, 8, 9, 40, 1000, 16 << 20};

    /** What makes a server look further than at the first byte. */
    private static final List<String> BEGINNINGS = List.of(
            "",
            "MUTL",
            "MUTL\u0002\u0001\u0001\u0004",
            "MUTL\u0002\u0001\u0001\u0004\0\0\0\u0001\0\0\0\0@",
            "#CHALLENGE#",
            "\0\0\0({sha256}",
            "\0\0\0\u0010",
            "\u00ff\u00ff\u00ff\u00ff\0\0\0\0",
            "GET / HTTP/1.1\r\n",
            RawClient.handshake("Host: a\r\n"),
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003");

    private static final Map<String, FuzzedServer> SERVERS = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private static Complaints complaints;

    @BeforeContainer
    static void listen() throws IOException {
        complaints = new Complaints();
        for (Handshake handshake : Handshake.values()) {
            SERVERS.put(handshake + "false", new FuzzedServer(handshake, false, complaints));
            SERVERS.put(handshake + "true", new FuzzedServer(handshake, true, complaints));
        }
    }

    @AfterContainer
    static void noBufferIsLost() throws Exception {
        for (FuzzedServer server : SERVERS.values()) {
            server.close();
        }
        NettyLeaks.assertNone();
        complaints.close();
        assertThat(complaints.all()).isEmpty();
    }

    private static FuzzedServer server(Handshake handshake, boolean web) {
        return requireNonNull(SERVERS.get(handshake + "" + web));
    }

    private static Side side(Handshake handshake) {
        return Side.client(Side.authentication(handshake));
    }

    @Property(tries = TRIES)
    void strangersGetNowhereWithGarbage(@ForAll Handshake handshake, @ForAll boolean web, @ForAll long seed)
            throws Exception {
        FuzzedServer fuzzed = server(handshake, web);
        long before = fuzzed.server().stats().accepted();
        Random random = new Random(seed);
        byte[] garbage = Side.join(
                BEGINNINGS.get(random.nextInt(BEGINNINGS.size())).getBytes(ISO_8859_1),
                Mutations.random(random.nextInt(500), random));

        try (RawPeer stranger = RawPeer.connect(fuzzed.server())) {
            FuzzPeer peer = new FuzzPeer.Tcp(stranger);
            peer.say(garbage);
            peer.finish();
        }
        try (FuzzPeer peer = FuzzPeer.connect(fuzzed.server())) {
            if (random.nextBoolean()) {
                peer.say(garbage);
            } else {
                peer.sayRaw(garbage);
            }
            peer.finish();
        }

        assertThat(fuzzed.server().stats().accepted()).isEqualTo(before);
        fuzzed.assertUnharmed();
    }

    @Property(tries = TRIES)
    void whatWasSaidOnceIsWorthNothingHoweverItIsChanged(
            @ForAll Handshake handshake, @ForAll boolean web, @ForAll long seed) throws Exception {
        FuzzedServer fuzzed = server(handshake, web);
        Random random = new Random(seed);
        List<byte[]> said;
        try (FuzzPeer honest = FuzzPeer.connect(fuzzed.server())) {
            said = honest.talk(side(handshake));
            honest.finish();
        }
        long before = fuzzed.server().stats().accepted();

        try (FuzzPeer peer = FuzzPeer.connect(fuzzed.server())) {
            peer.say(Mutations.damaged(Side.join(said.toArray(byte[][]::new)), random.nextInt(5), random));
            peer.finish();
        }

        assertThat(fuzzed.server().stats().accepted()).isEqualTo(before);
        fuzzed.assertUnharmed();
    }

    @Property(tries = TRIES)
    void handshakesMayBreakAnywhere(@ForAll Handshake handshake, @ForAll boolean web, @ForAll long seed)
            throws Exception {
        FuzzedServer fuzzed = server(handshake, web);
        Random random = new Random(seed);

        try (FuzzPeer peer = FuzzPeer.connect(fuzzed.server())) {
            peer.talk(
                    side(handshake),
                    1 + random.nextInt(3),
                    last -> Mutations.damaged(last, 1 + random.nextInt(3), random));
            peer.finish();
        }

        fuzzed.assertUnharmed();
    }

    @Property(tries = 2 * TRIES)
    void peersWithTheKeyHarmNobodyButThemselves(
            @ForAll Handshake handshake, @ForAll boolean web, @ForAll Use use, @ForAll long seed) throws Exception {
        FuzzedServer fuzzed = server(handshake, web);
        Random random = new Random(seed);
        // only version 2 announces what it takes
        int limit = handshake == Handshake.VERSION_2 ? LIMITS[random.nextInt(LIMITS.length)] : 16 << 20;
        Side side = Side.client(
                Side.authentication(handshake, Keys.of(Side.SECRET), Side.FORMAT.maxBytes(limit), Side.process()));

        try (FuzzPeer peer = FuzzPeer.connect(fuzzed.server())) {
            peer.talk(side);
            peer.say(frame(requireNonNull(side.agreement).outbound(), use.frame()));
            peer.say(hostile(side.agreement, random));
            if (web && random.nextInt(3) == 0) {
                peer.sayRaw(HostileFrames.webSocket(random));
            }
            peer.finish();
        }

        fuzzed.assertUnharmed();
    }

    private static byte[] hostile(Agreement agreement, Random random) {
        byte[] frames = agreement.handshake() == Handshake.VERSION_2
                ? new HostileFrames(random).some()
                : bare(agreement.outbound(), random);
        return random.nextBoolean() ? frames : Mutations.damaged(frames, 1 + random.nextInt(3), random);
    }

    @Property(tries = TRIES)
    void clientsComeToNoHarmByWhoeverListens(@ForAll Handshake handshake, @ForAll Use use, @ForAll long seed)
            throws Exception {
        FuzzedServer fuzzed = server(handshake, false);
        Random random = new Random(seed);
        try (ServerSocket trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> victim =
                    fuzzed.client(Endpoint.tcp(trap.getLocalPort())).connectAsync();
            CompletableFuture<Void> served = victim.thenAcceptAsync(connection -> fuzzed.serve(connection, use));
            try (FuzzPeer peer = new FuzzPeer.Tcp(new RawPeer(trap.accept()))) {
                Side side = Side.server(Side.authentication(handshake));
                int messages = random.nextBoolean() ? 1 + random.nextInt(3) : Integer.MAX_VALUE;
                peer.talk(side, messages, last -> Mutations.damaged(last, 1 + random.nextInt(3), random));
                if (side.agreement != null) {
                    peer.say(hostile(side.agreement, random));
                }
                peer.finish();
            }
            Throwable failure = served.handle((v, e) -> e).get(30, TimeUnit.SECONDS);
            if (failure == null) {
                victim.get().closed().get(30, TimeUnit.SECONDS);
            } else {
                assertThat(failure).hasCauseInstanceOf(IOException.class);
            }
        }

        fuzzed.assertUnharmed();
    }

    private static byte[] bare(Framing framing, Random random) {
        byte[] all = {};
        for (int i = random.nextInt(6); i >= 0; i--) {
            all = Side.join(all, frame(framing, Mutations.random(random.nextInt(200), random)));
        }
        return all;
    }

    private static byte[] frame(Framing framing, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        framing.writeHeader(frame, Framing.DATA, payload.length);
        return ByteBufUtil.getBytes(frame.writeBytes(payload));
    }

    @Tag("soak")
    @Property(tries = SOAK)
    void strangersGetNowhereWithGarbageForLong(@ForAll Handshake handshake, @ForAll boolean web, @ForAll long seed)
            throws Exception {
        strangersGetNowhereWithGarbage(handshake, web, seed);
    }

    @Tag("soak")
    @Property(tries = SOAK)
    void whatWasSaidOnceIsWorthNothingForLong(@ForAll Handshake handshake, @ForAll boolean web, @ForAll long seed)
            throws Exception {
        whatWasSaidOnceIsWorthNothingHoweverItIsChanged(handshake, web, seed);
    }

    @Tag("soak")
    @Property(tries = SOAK)
    void handshakesMayBreakAnywhereForLong(@ForAll Handshake handshake, @ForAll boolean web, @ForAll long seed)
            throws Exception {
        handshakesMayBreakAnywhere(handshake, web, seed);
    }

    @Tag("soak")
    @Property(tries = SOAK)
    void clientsComeToNoHarmForLong(@ForAll Handshake handshake, @ForAll Use use, @ForAll long seed) throws Exception {
        clientsComeToNoHarmByWhoeverListens(handshake, use, seed);
    }

    @Tag("soak")
    @Property(tries = 2 * SOAK)
    void peersWithTheKeyHarmNobodyButThemselvesForLong(
            @ForAll Handshake handshake, @ForAll boolean web, @ForAll Use use, @ForAll long seed) throws Exception {
        peersWithTheKeyHarmNobodyButThemselves(handshake, web, use, seed);
    }
}
