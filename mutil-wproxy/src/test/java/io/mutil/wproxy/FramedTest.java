package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.Transport;
import io.mutil.server.Client;
import io.mutil.server.CloseReason;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients with framed connections get what clients with WebSockets get. */
class FramedTest {
    private static final String A = "{\"sym\":\"A\"}";
    private static final byte[] SECRET = "a secret that only tests know, 32".getBytes(UTF_8);

    private final Keys keys = Keys.of(SECRET);
    private final RecordingUpstream upstream = new RecordingUpstream();

    static List<Transport> transports() {
        return Transport.available();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void framesAreMessagesAndCommands(Transport transport, @TempDir Path dir) throws Exception {
        Endpoint socket = Endpoint.unix(dir.resolve("s"));
        try (WProxy proxy = Quick.proxy(upstream)
                        .transport(transport)
                        .framed(keys, server -> server)
                        .framed(keys, server -> server.listen(socket))
                        .start();
                FramedClient tcp = new FramedClient(proxy.framedServers().get(0), keys);
                FramedClient unix = new FramedClient(proxy.framedServers().get(1), keys);
                TestClient web = TestClient.of(proxy, "A")) {
            tcp.command("{\"subscribe\": [\"A\"]}");
            unix.command("{\"subscribe:all\": true}");
            upstream.last().send("[" + A + ", {\"sym\":\"B\"}]");
            upstream.last().send(A);

            assertThat(List.of(tcp.next(), tcp.next())).containsExactly(A, A);
            assertThat(unix.next()).isEqualTo("[" + A + ", {\"sym\":\"B\"}]");
            assertThat(unix.next()).isEqualTo(A);
            assertThat(List.of(web.next(), web.next())).containsExactly(A, A);
            tcp.say("nonsense");
            assertThat(tcp.next()).isEqualTo("{\"error\": \"Commands must be a JSON object\"}");
        }
        assertThat(upstream.complaints()).isEmpty();
    }

    @Test
    void oneThatEndsLeavesNothingBehind() throws Exception {
        try (WProxy proxy = Quick.proxy(upstream).framed(keys, server -> server).start()) {
            try (FramedClient client = new FramedClient(proxy.framedServers().get(0), keys)) {
                client.command("{\"subscribe\": [\"A\", \"B\"]}");
                upstream.awaitAsked(Set.of("A", "B"));
            }
            upstream.awaitAsked(Set.of());
            assertThat(proxy.stats().clients()).isZero();
        }
    }

    @Test
    void thousandsOfMessagesAndAnswersComeWhoeverIsFaster() throws Exception {
        int many = 5_000;
        try (WProxy proxy = Quick.proxy(upstream).framed(keys, server -> server).start();
                FramedClient client = new FramedClient(proxy.framedServers().get(0), keys)) {
            client.command("{\"subscribe\": [\"A\", \"1\"]}");
            var expected = new HashSet<String>();
            for (int i = 0; i < many; i++) {
                upstream.last().send("[{\"sym\":\"A\",\"n\":" + i + "},{\"sym\":1}]");
                if (i % 100 == 0) {
                    client.say("{\"subscribe\": [\"K" + i + "\"]}");
                    expected.add("{\"subscribe\": [\"K" + i + "\"]}");
                }
            }
            var elements = new ArrayList<String>();
            for (int i = 0; i < 2 * many + many / 100; i++) {
                String next = String.valueOf(client.next());
                if (!expected.remove(next)) {
                    elements.add(next);
                }
            }
            assertThat(expected).isEmpty();
            for (int i = 0; i < many; i++) {
                assertThat(elements.get(2 * i)).isEqualTo("{\"sym\":\"A\",\"n\":" + i + "}");
                assertThat(elements.get(2 * i + 1)).isEqualTo("{\"sym\":1}");
            }
        }
    }

    @Test
    void oneThatDoesNotReadLosesNothingWithinItsLimits() throws Exception {
        int many = 20_000;
        try (WProxy proxy = Quick.proxy(upstream)
                        .framed(keys, server -> server.outboundQueueBytes(1).unsentBytes(1 << 14))
                        .start();
                FramedClient client = new FramedClient(proxy.framedServers().get(0), keys);
                TestClient other = TestClient.of(proxy, "A")) {
            client.command("{\"subscribe\": [\"A\", \"1\"]}");
            for (int i = 0; i < many; i++) {
                upstream.last().send("[{\"sym\":1},{\"sym\":\"A\",\"n\":\"" + i + "x".repeat(200) + "\"}]");
            }
            for (int i = 0; i < many; i++) {
                assertThat(other.next()).contains("\"n\":\"" + i + "x");
            }
            for (int i = 0; i < many; i++) {
                assertThat(client.next()).isEqualTo("{\"sym\":1}");
                assertThat(client.next()).contains("\"n\":\"" + i + "x");
            }
        }
    }

    @Test
    void aMessageThatIsNoFrameEndsOnlyThatConnection() throws Exception {
        String large = "{\"sym\":\"A\",\"x\":\"" + "x".repeat(2000) + "\"}";
        try (WProxy proxy = Quick.proxy(upstream).framed(keys, server -> server).start();
                FramedClient narrow = new FramedClient(
                        Client.builder(proxy.framedServers().get(0).endpoint(), keys)
                                .format(FrameFormat.littleEndian(4).maxBytes(1000)));
                FramedClient wide = new FramedClient(proxy.framedServers().get(0), keys);
                TestClient web = TestClient.of(proxy, "A")) {
            narrow.command("{\"subscribe\": [\"A\"]}");
            wide.command("{\"subscribe\": [\"A\"]}");
            upstream.last().send("[" + A + "," + large + "," + A + "]");

            for (String expected : List.of(A, large, A)) {
                assertThat(wide.next()).isEqualTo(expected);
                assertThat(web.next()).isEqualTo(expected);
            }
            assertThat(narrow.next()).isEqualTo(A);
            assertThat(narrow.next()).isNull();
        }
    }

    @Test
    void aMessageLargerThanTheQueueIsPassedOn() throws Exception {
        String large = "{\"sym\":\"A\",\"x\":\"" + "x".repeat(3 << 20) + "\"}";
        try (WProxy proxy = Quick.proxy(upstream).framed(keys, server -> server).start();
                FramedClient client = new FramedClient(proxy.framedServers().get(0), keys)) {
            client.command("{\"subscribe\": [\"A\"]}");
            upstream.last().send("[" + A + "," + large + "," + A + "," + large + "]");
            for (String expected : List.of(A, large, A, large)) {
                assertThat(client.next()).isEqualTo(expected);
            }
        }
    }

    @Test
    void theIdOfTheKeyDecidesAboutAccess() throws Exception {
        Keys known = Keys.builder().add("desk", SECRET).add("guest", SECRET).build();
        Access access = request -> request.keyId().filter("desk"::equals).map(id -> ClientTerms.ofKeys(Set.of("A")));
        try (WProxy proxy = Quick.proxy(upstream)
                        .access(access)
                        .framed(known, server -> server)
                        .start();
                FramedClient desk = new FramedClient(
                        proxy.framedServers().get(0),
                        Keys.builder().add("desk", SECRET).build());
                FramedClient guest = new FramedClient(
                        proxy.framedServers().get(0),
                        Keys.builder().add("guest", SECRET).build())) {
            desk.command("{\"subscribe\": [\"A\"]}");
            desk.say("{\"subscribe\": [\"B\"]}");
            assertThat(desk.next()).isEqualTo("{\"error\": \"Not allowed: B\"}");
            assertThat(guest.next()).isNull();
            assertThat(guest.closeReason().code()).isEqualTo(CloseReason.POLICY);
        }
    }
}
