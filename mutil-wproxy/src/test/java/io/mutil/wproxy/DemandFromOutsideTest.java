package io.mutil.wproxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Eventually;
import io.mutil.wproxy.RecordingUpstream.Call;
import io.mutil.wproxy.RecordingUpstream.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The upstream hears exactly the differences between what clients wanted before and what they want now. */
class DemandFromOutsideTest {
    private final RecordingUpstream upstream = new RecordingUpstream();

    @SuppressWarnings("NullAway.Init") // by each test
    private WProxy proxy;

    @AfterEach
    void stop() {
        proxy.close();
        assertThat(upstream.complaints()).isEmpty();
    }

    @Test
    void aKeyIsAskedForOnceHoweverManyWantIt() throws Exception {
        proxy = Quick.proxy(upstream).start();
        try (TestClient one = TestClient.of(proxy, "A", "B")) {
            upstream.awaitAsked(Set.of("A", "B"));
            try (TestClient two = TestClient.of(proxy, "B", "C")) {
                upstream.awaitAsked(Set.of("A", "B", "C"));
                two.command("{\"unsubscribe\": [\"B\"], \"subscribe\": [\"D\"]}");
                upstream.awaitAsked(Set.of("A", "B", "C", "D"));
                one.command("{\"unsubscribe\": [\"A\"]}");
                upstream.awaitAsked(Set.of("B", "C", "D"));
            }
            upstream.awaitAsked(Set.of("B"));
        }
        upstream.awaitAsked(Set.of());
        List<Set<String>> added =
                upstream.last().calls().stream().map(Call::added).toList();
        assertThat(added.stream().mapToInt(Set::size).sum()).isEqualTo(4);
    }

    @Test
    void clientsThatVanishLeaveNothingBehind() throws Exception {
        proxy = Quick.proxy(upstream).start();
        try (TestClient stays = TestClient.of(proxy, "S")) {
            for (int i = 0; i < 10; i++) {
                RawClient client = RawClient.of(proxy);
                client.text("{\"subscribe\": [\"A\", \"B" + i + "\"], \"subscribe:all\": 1}");
                client.next();
                if (i % 2 == 0) {
                    client.reset();
                } else {
                    client.close();
                }
            }
            Eventually.until("nobody wants everything", () -> !upstream.last().isAskedForEverything());
            Eventually.until("one client", () -> proxy.stats().clients() == 1);
            Eventually.until("one key", () -> proxy.stats().keys() == 1);
            upstream.awaitAsked(Set.of("S"));
            stays.command("{\"unsubscribe\": [\"S\"]}");
        }
        upstream.awaitAsked(Set.of());
        assertThat(proxy.stats().keys()).isZero();
    }

    @Test
    void aClientWithoutAWordIsForgottenToo() throws Exception {
        proxy = Quick.proxy(upstream)
                .server(server -> server.pingInterval(ofMillis(500)))
                .start();
        try (RawClient mute = RawClient.of(proxy)) {
            mute.text("{\"subscribe\": [\"A\"]}");
            Eventually.until(
                    "asked for A",
                    () -> upstream.last().calls().stream()
                            .anyMatch(call -> call.added().contains("A")));
            // it answers no ping
            upstream.awaitAsked(Set.of());
            Eventually.until("no client", () -> proxy.stats().clients() == 0);
        }
    }

    @Test
    void changesOfAMomentAreOneCall() throws Exception {
        proxy = Quick.proxy(upstream).debounce(ofMillis(500)).start();
        try (TestClient client = TestClient.of(proxy)) {
            upstream.session(0);
            for (int i = 0; i < 50; i++) {
                client.say("{\"subscribe\": [\"K" + i + "\"]}");
            }
            for (int i = 0; i < 50; i += 2) {
                client.say("{\"unsubscribe\": [\"K" + i + "\"]}");
            }
            for (int i = 0; i < 75; i++) {
                client.next();
            }
            upstream.awaitAsked(IntStream.range(0, 50)
                    .filter(i -> i % 2 == 1)
                    .mapToObj(i -> "K" + i)
                    .collect(Collectors.toSet()));
            assertThat(upstream.last().calls()).hasSizeLessThan(10);
        }
    }

    @Test
    void aKeyThatComesBackWithinTheLingerIsNotBounced() throws Exception {
        proxy = Quick.proxy(upstream).linger(ofMinutes(5)).start();
        for (int i = 0; i < 5; i++) {
            TestClient.of(proxy, "A").close();
        }
        try (TestClient client = TestClient.of(proxy, "A", "B")) {
            upstream.awaitAsked(Set.of("A", "B"));
            upstream.last().send("{\"sym\":\"A\"}");
            assertThat(client.next()).isEqualTo("{\"sym\":\"A\"}");
        }
        assertThat(upstream.last().calls()).allMatch(call -> call.removed().isEmpty());
    }

    @Test
    void aLargeChangeComesInChunksOneAfterTheOther() throws Exception {
        upstream.hold(true);
        proxy = Quick.proxy(upstream).chunk(10).start();
        Session session = upstream.session(0);
        String[] keys = IntStream.range(0, 95).mapToObj(i -> "K" + i).toArray(String[]::new);
        try (TestClient client = TestClient.of(proxy)) {
            client.say("{\"subscribe\": [\"" + String.join("\", \"", keys) + "\"]}");
            client.next();
            int calls = 0;
            while (session.asked().size() < keys.length) {
                awaitCall(session, ++calls);
                session.answer();
            }
            assertThat(session.calls())
                    .hasSizeGreaterThanOrEqualTo(10)
                    .allMatch(call -> call.added().size() <= 10);
            client.command("{\"unsubscribe\": [\"K0\", \"K1\"]}");
            while (session.asked().size() > keys.length - 2) {
                awaitCall(session, ++calls);
                session.answer();
            }
        }
        upstream.hold(false);
    }

    private static void awaitCall(Session session, int number) {
        Eventually.until("call " + number, () -> session.calls().size() == number);
    }

    @Test
    void aCallThatFailsEndsTheConnectionAndAllIsAskedForAnew() throws Exception {
        upstream.hold(true);
        proxy = Quick.proxy(upstream).start();
        try (TestClient client = TestClient.of(proxy, "A", "B")) {
            Session first = upstream.session(0);
            Eventually.until("a call", () -> !first.calls().isEmpty());
            upstream.hold(false);
            first.refuse();

            Session second = upstream.session(1);
            upstream.awaitAsked(Set.of("A", "B"));
            assertThat(first.isOpen()).isFalse();
            first.send("{\"sym\":\"A\",\"of\":1}");
            second.send("{\"sym\":\"A\",\"of\":2}");
            assertThat(client.nextButOutages()).isEqualTo("{\"sym\":\"A\",\"of\":2}");
        }
    }

    @Test
    void aNewConnectionIsAskedForWhatIsWantedByThen() throws Exception {
        proxy = Quick.proxy(upstream).start();
        try (TestClient client = TestClient.of(proxy, "A", "B")) {
            client.command("{\"subscribe:all\": 1}");
            upstream.awaitAsked(Set.of("A", "B"));
            for (int i = 0; i < 20; i++) {
                int next = i + 1;
                upstream.session(i).lose();
                client.command("{\"subscribe\": [\"C" + i + "\"], \"unsubscribe\": [\"C" + (i - 1) + "\"]}");
                Session fresh = upstream.session(next);
                Set<String> wanted = Set.of("A", "B", "C" + i);
                Eventually.until("asked for " + wanted, () -> fresh.asked().equals(wanted));
                Eventually.until("asked for everything", fresh::isAskedForEverything);
            }
        }
    }

    /** The complaints of the upstream are checked at the end. */
    @Test
    void anyChurnIsToldAsDifferences() throws Exception {
        proxy = Quick.proxy(upstream).chunk(3).start();
        var random = new Random(1);
        var clients = new ArrayList<TestClient>();
        var wanted = new ArrayList<Set<String>>();
        for (int i = 0; i < 6; i++) {
            clients.add(TestClient.of(proxy));
            wanted.add(new HashSet<>());
        }
        for (int step = 0; step < 300; step++) {
            int who = random.nextInt(clients.size());
            String key = "K" + random.nextInt(8);
            boolean more = random.nextBoolean();
            clients.get(who).command("{\"" + (more ? "" : "un") + "subscribe\": [\"" + key + "\"]}");
            var unused = more ? wanted.get(who).add(key) : wanted.get(who).remove(key);
            if (step % 50 == 0) {
                upstream.last().lose();
            }
        }
        Set<String> all = wanted.stream().flatMap(Set::stream).collect(Collectors.toSet());
        upstream.awaitAsked(all);
        assertThat(proxy.stats().keys()).isEqualTo(all.size());
        clients.forEach(TestClient::close);
        upstream.awaitAsked(Set.of());
    }
}
