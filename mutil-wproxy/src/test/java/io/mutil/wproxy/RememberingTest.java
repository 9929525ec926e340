package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Eventually;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots, history and what clients may ask about themselves. */
class RememberingTest {
    private static final Pattern POSITION = Pattern.compile(
            "\\{\"since\": \\{\"epoch\": \"([0-9a-f]+)\", \"keys\": \\{(.*?)}(?:, \"everything\": (\\d+))?}}");

    private ScriptedUpstream upstream;
    private WProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new ScriptedUpstream();
        proxy = WProxy.builder(Upstream.webSocket(upstream.uri()))
                .snapshots()
                .history(5, 1000)
                .statsCommand()
                .start();
        upstream.awaitConnection();
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    private static String element(String key, int number) {
        return "{\"sym\": \"" + key + "\", \"n\": " + number + "}";
    }

    /** Sends elements of a key, and waits until a client that has it has got them. */
    private void send(TestClient witness, String key, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            upstream.send(element(key, i));
            assertThat(witness.next()).isEqualTo(element(key, i));
        }
    }

    /** A client that has subscribed to keys, and asked for more in the same message. */
    private TestClient client(String keys, String more) throws Exception {
        TestClient client = TestClient.of(proxy);
        client.command("{\"subscribe\": [" + keys + "], " + more + "}");
        return client;
    }

    private static String epoch(String position) {
        Matcher matcher = POSITION.matcher(position);
        assertThat(matcher.matches()).as(position).isTrue();
        return matcher.group(1);
    }

    @Test
    void givesTheLastMessageOfEachKey() throws Exception {
        try (TestClient witness = TestClient.of(proxy, "A", "B")) {
            send(witness, "A", 1, 3);
            send(witness, "B", 1, 2);
            try (TestClient late = client("\"A\", \"B\", \"C\"", "\"snapshot\": true")) {
                assertThat(late.next()).isEqualTo(element("A", 3));
                assertThat(late.next()).isEqualTo(element("B", 2));

                late.command("{\"snapshot\": [\"B\"]}");
                assertThat(late.next()).isEqualTo(element("B", 2));

                late.say("{\"snapshot\": [\"D\"]}");
                assertThat(late.next()).isEqualTo("{\"error\": \"Snapshot items must be subscribed to\"}");
            }
        }
    }

    @Test
    void replaysWhatAClientHasMissed() throws Exception {
        try (TestClient witness = TestClient.of(proxy, "A", "B")) {
            String position;
            try (TestClient first = client("\"A\", \"B\"", "\"since\": true")) {
                position = first.next();
                assertThat(position).contains("\"keys\": {\"A\": 0, \"B\": 0}");
                send(witness, "A", 1, 2);
                assertThat(first.next()).isEqualTo(element("A", 1));
                assertThat(first.next()).isEqualTo(element("A", 2));
            }
            send(witness, "B", 1, 1);
            send(witness, "A", 3, 3);
            send(witness, "B", 2, 2);

            String since = "\"since\": {\"epoch\": \"" + epoch(position) + "\", \"keys\": {\"A\": 2, \"B\": 0}}";
            try (TestClient again = client("\"A\", \"B\"", since)) {
                assertThat(again.next()).contains("\"keys\": {\"A\": 2, \"B\": 0}");
                assertThat(again.next()).isEqualTo(element("B", 1));
                assertThat(again.next()).isEqualTo(element("A", 3));
                assertThat(again.next()).isEqualTo(element("B", 2));
                send(witness, "A", 4, 4);
                assertThat(again.next()).isEqualTo(element("A", 4));
            }
        }
    }

    @Test
    void saysHowManyMessagesAreNotKeptAnyMore() throws Exception {
        try (TestClient witness = TestClient.of(proxy, "A");
                TestClient first = client("\"A\"", "\"since\": true")) {
            String epoch = epoch(first.next());
            send(witness, "A", 1, 8);
            try (TestClient again =
                    client("\"A\"", "\"since\": {\"epoch\": \"" + epoch + "\", \"keys\": {\"A\": 1}}")) {
                assertThat(again.next()).contains("\"keys\": {\"A\": 1}");
                assertThat(again.next()).isEqualTo("{\"gap\": {\"key\": \"A\", \"missed\": 2}}");
                for (int i = 4; i <= 8; i++) {
                    assertThat(again.next()).isEqualTo(element("A", i));
                }
            }
        }
    }

    @Test
    void saysThatItDoesNotKnowAnOffsetOfAnotherLife() throws Exception {
        try (TestClient witness = TestClient.of(proxy, "A")) {
            send(witness, "A", 1, 2);
            try (TestClient client = client("\"A\"", "\"since\": {\"epoch\": \"another\", \"keys\": {\"A\": 1}}")) {
                assertThat(client.next()).contains("\"keys\": {\"A\": 2}");
                assertThat(client.next()).isEqualTo("{\"gap\": {\"key\": \"A\", \"missed\": null}}");
                send(witness, "A", 3, 3);
                assertThat(client.next()).isEqualTo(element("A", 3));
            }
        }
    }

    @Test
    void tellsThatTheUpstreamWasLost() throws Exception {
        try (TestClient plain = TestClient.of(proxy, "A");
                TestClient counting = client("\"A\"", "\"since\": true")) {
            assertThat(counting.next()).contains("\"A\": 0");
            send(plain, "A", 1, 1);
            assertThat(counting.next()).isEqualTo(element("A", 1));

            upstream.drop();
            assertThat(counting.next()).isEqualTo("{\"gap\": {\"key\": \"A\", \"missed\": null, \"offset\": 2}}");
            assertThat(plain.next()).isEqualTo("{\"gap\": {\"key\": \"A\", \"missed\": null}}");
            send(plain, "A", 2, 2);

            assertThat(counting.next()).isEqualTo(element("A", 2));
        }
    }

    @Test
    void countsWholeMessagesToo() throws Exception {
        try (TestClient first = TestClient.of(proxy)) {
            first.command("{\"subscribe:all\": 1, \"since\": true}");
            String epoch = epoch(first.next());
            for (String message : new String[] {"one", "two", "three"}) {
                upstream.send(message);
                assertThat(first.next()).isEqualTo(message);
            }
            try (TestClient again = TestClient.of(proxy)) {
                again.command("{\"subscribe:all\": 1, \"since\": {\"epoch\": \"" + epoch + "\", \"everything\": 1}}");
                assertThat(again.next()).endsWith("\"everything\": 1}}");
                assertThat(again.next()).isEqualTo("two");
                assertThat(again.next()).isEqualTo("three");
            }
        }
    }

    @Test
    void tellsAClientAboutItself() throws Exception {
        try (TestClient client = TestClient.of(proxy, "A")) {
            client.command("{\"stats\": true}");
            assertThat(client.next()).startsWith("{\"stats\": {").contains("\"subscriptions\":1", "\"missed\":0");
        }
    }

    @Test
    void refusesWhatIsNoOffset() throws Exception {
        try (TestClient client = TestClient.of(proxy)) {
            for (String since : new String[] {
                "false",
                "5",
                "{}",
                "{\"epoch\": 5}",
                "{\"epoch\": \"e\", \"keys\": []}",
                "{\"epoch\": \"e\", \"keys\": {\"A\": -1}}",
                "{\"epoch\": \"e\", \"keys\": {\"A\": 1.5}}",
                "{\"epoch\": \"e\", \"everything\": \"x\"}",
                "{\"epoch\": \"e\", \"keys\": {\"A\": 99999999999999999999}}"
            }) {
                client.say("{\"subscribe\": [\"A\"], \"since\": " + since + "}");
                assertThat(client.next()).as(since).startsWith("{\"error\": \"Since must be true");
            }
            assertThat(proxy.stats().keys()).isZero();
        }
    }

    @Test
    void offersNothingOfThisUnlessToldTo() throws Exception {
        try (WProxy plain = WProxy.builder(Upstream.webSocket(upstream.uri())).start();
                TestClient client = TestClient.of(plain)) {
            for (String command : new String[] {"snapshot", "since", "stats"}) {
                client.say("{\"" + command + "\": true}");
                assertThat(client.next()).isEqualTo("{\"error\": \"This proxy does not offer " + command + "\"}");
            }
        }
    }

    @Test
    void countsWhatPasses() throws Exception {
        try (TestClient client = TestClient.of(proxy, "A")) {
            send(client, "A", 1, 3);
            upstream.send("garbage");
            Eventually.until("the message was seen", () -> proxy.stats().messagesIn() == 4);
            Eventually.until("the upstream was asked", () -> proxy.stats().subscriptions() == 1);

            Stats stats = proxy.stats();
            assertThat(stats.connected()).isTrue();
            assertThat(stats.connects()).isEqualTo(1);
            assertThat(stats.clients()).isEqualTo(1);
            assertThat(stats.keys()).isEqualTo(1);
            assertThat(stats.illegible()).isEqualTo(1);
            assertThat(stats.missed()).isZero();
            assertThat(stats.slowest()).isEmpty();
        }
        Eventually.until("the client has left", () -> proxy.stats().keys() == 0);
    }
}
