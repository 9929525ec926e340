package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WProxyTest {
    private static final String AAPL_1 = "{\"sym\": \"AAPL\",  \"price\": 1.50}";
    private static final String AAPL_2 = "{\"price\":2,\"sym\":\"AAPL\"}";
    private static final String MSFT_1 = "{\"nested\":{\"sym\":\"AAPL\"},\"sym\":\"MSFT\"}";

    private ScriptedUpstream upstream;
    private WProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new ScriptedUpstream();
        proxy = WProxy.builder(Upstream.webSocket(upstream.uri())).start();
        upstream.awaitConnection();
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    @Test
    void deliversElementsOfTheirKeysByteForByte() throws Exception {
        try (TestClient apple = TestClient.of(proxy, "AAPL");
                TestClient microsoft = TestClient.of(proxy, "MSFT")) {
            upstream.send("[" + AAPL_1 + ", " + MSFT_1 + " ,{\"other\":1},5," + AAPL_2 + "]");
            upstream.send(AAPL_1);

            assertThat(apple.next()).isEqualTo(AAPL_1);
            assertThat(apple.next()).isEqualTo(AAPL_2);
            assertThat(apple.next()).isEqualTo(AAPL_1);
            assertThat(microsoft.next()).isEqualTo(MSFT_1);
        }
    }

    @Test
    void deliversWholeMessagesToWhoWantsEverything() throws Exception {
        String list = "[" + AAPL_1 + " , " + MSFT_1 + "]  ";
        try (TestClient all = TestClient.of(proxy)) {
            all.command("{\"subscribe:all\": 1}");
            upstream.send(list);
            upstream.send("no JSON at all");

            assertThat(all.next()).isEqualTo(list);
            assertThat(all.next()).isEqualTo("no JSON at all");
        }
    }

    @Test
    void answersWhatIsNoCommandWithAnError() throws Exception {
        try (TestClient client = TestClient.of(proxy)) {
            client.say("hello");
            assertThat(client.next()).isEqualTo("{\"error\": \"Commands must be a JSON object\"}");
            client.say("{\"subscribe\": \"AAPL\"}");
            assertThat(client.next()).isEqualTo("{\"error\": \"Subscribe items must be a list\"}");
            client.say("{\"unsubscribe\": {}}");
            assertThat(client.next()).isEqualTo("{\"error\": \"Unsubscribe items must be a list\"}");
            client.say("{\"dance\": true}");
            assertThat(client.next()).isEqualTo("{\"error\": \"Unknown command: dance\"}");
        }
    }

    @Test
    void takesNoKeyThatIsHalfACharacter() throws Exception {
        try (TestClient client = TestClient.of(proxy)) {
            client.say("{\"subscribe\": [\"X\\uD83D\"]}");
            assertThat(client.next()).isEqualTo("{\"error\": \"Subscribe items must be valid Unicode\"}");
            client.command("{\"subscribe\": [\"X\\uD83D\\uDE00\"]}");
        }
    }

    @Test
    void acknowledgesWithTheFirst200Characters() throws Exception {
        String command = "{\"subscribe\": [\"" + "\uD83D\uDE00".repeat(100) + "\", \"" + "x".repeat(200) + "\"]}";
        try (TestClient client = TestClient.of(proxy)) {
            client.say(command);

            String acknowledgement = client.next();
            assertThat(acknowledgement.codePointCount(0, acknowledgement.length()))
                    .isEqualTo(200);
            assertThat(command).startsWith(acknowledgement);
        }
    }

    @Test
    void deliversNothingAfterUnsubscribing() throws Exception {
        try (TestClient client = TestClient.of(proxy, "AAPL", "MSFT")) {
            client.command("{\"unsubscribe\": [\"AAPL\"]}");
            upstream.send(AAPL_1);
            upstream.send(MSFT_1);

            assertThat(client.next()).isEqualTo(MSFT_1);
        }
    }

    @Test
    void goesOnAfterTheUpstreamWasLost() throws Exception {
        try (TestClient client = TestClient.of(proxy, "AAPL")) {
            upstream.drop();
            upstream.send(AAPL_1);

            assertThat(client.next()).isEqualTo("{\"gap\": {\"key\": \"AAPL\", \"missed\": null}}");
            assertThat(client.next()).isEqualTo(AAPL_1);
        }
    }
}
