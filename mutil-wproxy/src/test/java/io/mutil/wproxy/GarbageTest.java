package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the upstream sends, it reaches those who want everything, and nobody else, and the stream goes on. */
class GarbageTest {
    private static final String GOOD = "{\"sym\":\"A\"}";

    private ScriptedUpstream upstream;
    private WProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new ScriptedUpstream();
        proxy = Quick.proxy(Upstream.webSocket(upstream.uri())).start();
        upstream.awaitConnection();
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    static List<String> garbage() {
        return List.of(
                "",
                " ",
                "no JSON",
                "nul",
                "[",
                "]",
                "{",
                GOOD.substring(0, GOOD.length() - 1),
                "[" + GOOD,
                "[" + GOOD + ",]",
                "[" + GOOD + "," + GOOD + "," + "{\"sym\":\"A\"",
                GOOD + GOOD,
                GOOD + ",",
                "[" + GOOD + "] x",
                "{\"sym\":\"A\\x\"}",
                "{\"sym\":\"A\u0000\"}",
                "{'sym':'A'}",
                "{sym:\"A\"}",
                "/* */" + GOOD,
                "{\"sym\":NaN}",
                "{\"sym\":01}",
                "\u0000[\u0000{\u0000\"\u0000s\u0000y\u0000m\u0000\"\u0000:\u0000\"\u0000A\u0000\"\u0000}\u0000]",
                "[\u0000{\u0000\"\u0000s\u0000y\u0000m\u0000\"\u0000:\u0000\"\u0000A\u0000\"\u0000}\u0000]\u0000",
                "\u0000\u0000\u0000{\u0000\u0000\u0000}",
                "[".repeat(5_000),
                "[".repeat(2_000) + GOOD + "]".repeat(2_000),
                "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000),
                "{\"n\":" + "9".repeat(5_000) + ",\"sym\":\"A\"",
                "{\"" + "x".repeat(100_000) + "\":1,\"sym\":\"A\"",
                "5",
                "\"A\"",
                "null",
                "[[" + GOOD + "]]",
                "[1,\"A\",null,[" + GOOD + "]]",
                "{\"sym\":null}",
                "{\"sym\":[\"A\"]}",
                "{\"sym\":{\"sym\":\"A\"}}",
                "{\"sym\":true}",
                "{\"sym\":\"A\",\"sym\":null}",
                "{\"sym\":\"A\",\"sym\":\"other\"}",
                "{\"Sym\":\"A\"}",
                "{\"x\":" + GOOD + "}",
                "{\"sym\":\"\"}",
                "{\"gap\": {\"key\": \"A\", \"missed\": 3}}");
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void isNothingForKeysAndDoesNotDisturbWhatFollows(String garbage) throws Exception {
        try (TestClient client = TestClient.of(proxy, "A");
                TestClient all = TestClient.of(proxy)) {
            all.command("{\"subscribe:all\": 1}");
            upstream.send(garbage);
            upstream.send(GOOD);

            assertThat(all.next()).isEqualTo(garbage);
            assertThat(all.next()).isEqualTo(GOOD);
            assertThat(client.next()).isEqualTo(GOOD);
        }
        assertThat(proxy.stats().connects()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void theSameHoldsForBinaryMessages(String garbage) throws Exception {
        try (TestClient client = TestClient.of(proxy, "A")) {
            upstream.sendBinary(garbage);
            upstream.send(GOOD);

            assertThat(client.next()).isEqualTo(GOOD);
        }
        assertThat(proxy.stats().connects()).isEqualTo(1);
    }

    @Test
    void bytesThatAreNoTextAreNothingForKeys() throws Exception {
        var bytes = new byte[] {'{', '"', 's', 'y', 'm', '"', ':', '"', (byte) 0xff, '"', '}'};
        try (TestClient client = TestClient.of(proxy, "A", "\ufffd")) {
            upstream.sendBinary(bytes);
            upstream.sendBinary(new byte[] {(byte) 0xfe, (byte) 0xff, 0, '{', 0, '}'});
            upstream.sendBinary(new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0, '}', 0});
            upstream.send(GOOD);

            assertThat(client.next()).isEqualTo(GOOD);
        }
        assertThat(proxy.stats().illegible()).isEqualTo(3);
    }

    @Test
    void aMarkOfTheByteOrderIsNoPartOfAnElement() throws Exception {
        try (TestClient client = TestClient.of(proxy, "A")) {
            upstream.send(GOOD);
            upstream.send("\ufeff[" + GOOD + " , " + GOOD + "]");
            upstream.send("\ufeff" + GOOD);

            for (int i = 0; i < 4; i++) {
                assertThat(client.next()).isEqualTo(GOOD);
            }
        }
    }

    @Test
    void repeatedAndReorderedMessagesArePassedOnAsTheyCome() throws Exception {
        var expected = new ArrayList<String>();
        try (TestClient client = TestClient.of(proxy, "A")) {
            for (int n : new int[] {1, 2, 2, 2, 1, 5, 4, 3, 5, 5}) {
                expected.add("{\"n\":" + n + ",\"sym\":\"A\"}");
                upstream.send(expected.get(expected.size() - 1));
            }

            for (String message : expected) {
                assertThat(client.next()).isEqualTo(message);
            }
        }
    }

    @Test
    void messagesLargerThanAnyQueueArePassedOn() throws Exception {
        String large = "{\"x\":\"" + "\u20ac".repeat(1 << 20) + "\",\"sym\":\"A\"}";
        try (TestClient client = TestClient.of(proxy, "A");
                TestClient all = TestClient.of(proxy)) {
            all.command("{\"subscribe:all\": 1}");
            upstream.send("[" + GOOD + "," + large + "," + GOOD + "]");
            upstream.send(GOOD);

            assertThat(client.next()).isEqualTo(GOOD);
            assertThat(client.next().getBytes(UTF_8)).isEqualTo(large.getBytes(UTF_8));
            assertThat(client.next()).isEqualTo(GOOD);
            assertThat(client.next()).isEqualTo(GOOD);
            assertThat(all.next()).hasSize(large.length() + 2 * GOOD.length() + 4);
            assertThat(all.next()).isEqualTo(GOOD);
        }
    }
}
