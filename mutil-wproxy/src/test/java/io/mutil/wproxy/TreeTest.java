package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A proxy of a proxy. */
class TreeTest {
    private static final String A = "{\"sym\":\"A\"}";
    private static final String B = "{\"sym\":\"B\"}";
    private static final Pattern GAP = Pattern.compile("\\{\"gap\": \\{\"key\": \"A\", \"missed\": (\\d+)}}");

    private final RecordingUpstream upstream = new RecordingUpstream();

    static List<Transport> transports() {
        return Transport.available();
    }

    private static WProxy below(WProxy upper, Transport transport) throws Exception {
        return Quick.proxy(Upstream.proxy(upper.uri())).transport(transport).start();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void clientsBelowGetWhatTheyWantAndNothingElse(Transport transport) throws Exception {
        try (WProxy upper = Quick.proxy(upstream).transport(transport).start();
                WProxy left = below(upper, transport);
                WProxy right = below(upper, transport);
                TestClient a = TestClient.of(left, "A");
                TestClient both = TestClient.of(left, "A", "B");
                TestClient b = TestClient.of(right, "B");
                TestClient all = TestClient.of(right)) {
            all.command("{\"subscribe:all\": true}");
            upstream.awaitAsked(Set.of("A", "B"));
            Eventually.until("asked for everything", () -> upstream.last().isAskedForEverything());
            Eventually.until("two proxies", () -> upper.stats().clients() == 2);
            upstream.last().send("[" + A + ", " + B + "]");
            upstream.last().send("{\"sym\":\"C\"}");
            upstream.last().send(B);

            assertThat(a.next()).isEqualTo(A);
            assertThat(List.of(both.next(), both.next(), both.next())).containsExactly(A, B, B);
            assertThat(List.of(b.next(), b.next())).containsExactly(B, B);
            assertThat(List.of(all.next(), all.next(), all.next()))
                    .containsExactly("[" + A + ", " + B + "]", "{\"sym\":\"C\"}", B);
            assertThat(a.hasNothingMore() && both.hasNothingMore() && b.hasNothingMore() && all.hasNothingMore())
                    .isTrue();
        }
        assertThat(upstream.complaints()).isEmpty();
    }

    @Test
    void aKeyThatIsRefusedAboveCostsOthersNothing() throws Exception {
        Access allButX = request -> Optional.of(ClientTerms.ofKeys(key -> !key.equals("X")));
        try (WProxy upper = Quick.proxy(upstream).access(allButX).start();
                WProxy lower = below(upper, Transport.nio());
                TestClient client = TestClient.of(lower, "A", "B", "X", "C")) {
            upstream.awaitAsked(Set.of("A", "B", "C"));
            upstream.last().send(A);

            assertThat(client.next()).isEqualTo(A);
        }
    }

    @Test
    void longKeysAreAskedForInSeveralCommands() throws Exception {
        var names = new LinkedHashSet<String>();
        for (int i = 100; i < 500; i++) {
            names.add(i + "\u4e2d".repeat(250));
        }
        List<String> all = List.copyOf(names);
        try (WProxy upper = Quick.proxy(upstream).start();
                WProxy lower = below(upper, Transport.nio());
                TestClient client = TestClient.of(lower)) {
            client.say("{\"subscribe\": " + Notices.list(all.subList(0, 200)) + "}");
            client.say("{\"subscribe\": " + Notices.list(all.subList(200, 400)) + "}");

            upstream.awaitAsked(names);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void theLossOfTheUpperProxyHeals(Transport transport) throws Exception {
        var later = new RecordingUpstream();
        WProxy upper = Quick.proxy(upstream).start();
        try (WProxy lower = below(upper, transport);
                TestClient a = TestClient.of(lower, "A");
                TestClient all = TestClient.of(lower)) {
            all.command("{\"subscribe:all\": true}");
            upstream.awaitAsked(Set.of("A"));
            upper.close();
            a.command("{\"subscribe\": [\"B\"]}");
            try (WProxy next =
                    Quick.proxy(later).listen("127.0.0.1", upper.port()).start()) {
                later.awaitAsked(Set.of("A", "B"));
                Eventually.until("asked for everything", () -> later.last().isAskedForEverything());
                later.last().send("[" + A + "," + B + "]");
                assertThat(List.of(a.nextButOutages(), a.next())).containsExactly(A, B);
                assertThat(all.nextButOutages()).isEqualTo("[" + A + "," + B + "]");
                assertThat(next.stats().clients()).isEqualTo(1);
            }
        } finally {
            upper.close();
        }
    }

    @Test
    void whatTheUpperProxyRefusesIsNoMessage() throws Exception {
        try (WProxy upper = Quick.proxy(upstream).maxSubscriptions(1, 10).start();
                WProxy lower = below(upper, Transport.best());
                TestClient client = TestClient.of(lower, "A")) {
            upstream.awaitAsked(Set.of("A"));
            client.command("{\"subscribe\": [\"B\"]}");
            client.command("{\"unsubscribe\": [\"B\"]}");
            upstream.last().send(A);
            assertThat(client.next()).isEqualTo(A);
        }
    }

    @Test
    void whatTheUpperProxyLeavesOutIsToldBelow() throws Exception {
        int many = 40_000;
        String filling = "x".repeat(200);
        try (WProxy upper = Quick.proxy(upstream)
                        .slowPolicy(SlowPolicy.DROP_OLDEST)
                        .queueLimits(new QueueLimits(64 << 10, 100, Duration.ofMinutes(1)))
                        .server(server -> server.unsentBytes(1 << 14))
                        .start();
                Relay relay = new Relay(upper.uri());
                WProxy lower = Quick.proxy(Upstream.proxy(relay.uri())).start();
                TestClient client = TestClient.of(lower, "A")) {
            upstream.awaitAsked(Set.of("A"));
            relay.freeze();
            for (int i = 0; i < many; i++) {
                upstream.last().send("{\"sym\":\"A\",\"n\":" + i + ",\"x\":\"" + filling + "\"}");
            }
            Eventually.until("something is left out", () -> upper.stats().missed() > 0);
            relay.thaw();
            upstream.last().send("{\"sym\":\"A\",\"end\":1}");

            int accounted = 0;
            boolean gap = false;
            for (String next = client.next(); !next.contains("end"); next = client.next()) {
                Matcher told = GAP.matcher(next);
                if (told.matches()) {
                    accounted += Integer.parseInt(told.group(1));
                    gap = true;
                } else {
                    assertThat(next).contains("\"n\":" + accounted + ",");
                    accounted++;
                }
            }
            assertThat(accounted).isEqualTo(many);
            assertThat(gap).isTrue();
        }
    }
}
