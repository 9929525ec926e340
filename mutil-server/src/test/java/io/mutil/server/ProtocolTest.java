package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that only a raw socket can send. */
class ProtocolTest {
    private static final String MASK = "00000000";

    private final Echo echo = new Echo();
    private WebSocketServer server;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        server = WebSocketServer.builder(echo).maxMessageBytes(1000).start();
        client = RawClient.upgraded(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "unmasked, 810161, 1002",
        "reserved bit 1, c180" + MASK + ", 1002",
        "reserved bit 3, 9180" + MASK + ", 1002",
        "reserved opcode, 8380" + MASK + ", 1002",
        "reserved control opcode, 8b80" + MASK + ", 1002",
        "continuation of nothing, 8080" + MASK + ", 1002",
        "text inside a message, 0180" + MASK + "8180" + MASK + ", 1002",
        "fragmented ping, 0980" + MASK + ", 1002",
        "long ping, 89fe007e" + MASK + ", 1002",
        "length not minimal, 81fe0001" + MASK + "61, 1002",
        "close with one byte, 8881" + MASK + "03, 1002",
        "close with a code that may not be sent, 8882" + MASK + "03ee, 1002",
        "close with a broken reason, 8883" + MASK + "03e8ff, 1007",
        "text that is no UTF-8, 8181" + MASK + "ff, 1007",
        "surrogate in text, 8183" + MASK + "eda080, 1007",
        "too long, 82fe03e9" + MASK + ", 1009",
        "far too long, 82ff7fffffffffffffff" + MASK + ", 1009",
        "negative length, 82ff8000000000000000" + MASK + ", 1002",
    })
    void brokenFrameClosesWithItsCode(String what, String hex, int code) throws Exception {
        client.write(HexFormat.of().parseHex(hex));

        assertThat(client.readCloseCode()).isEqualTo(code);
        client.close();
        assertThat(echo.next("close")).startsWith("close " + code);
    }

    @Test
    void peerSeesTheCloseFrameAlthoughItStillSends() throws Exception {
        client.write(HexFormat.of().parseHex("82ff0000000001000000" + MASK)).write(new byte[100_000]);

        assertThat(client.readCloseCode()).isEqualTo(1009);
        assertThat(client.isAtEnd()).isTrue();
    }

    static Stream<Arguments> splits() {
        byte[] text = "aä€\uD83D\uDE00z".getBytes(UTF_8);
        return Stream.iterate(0, i -> i <= text.length, i -> i + 1).map(i -> Arguments.of(text, i));
    }

    @ParameterizedTest
    @MethodSource("splits")
    void characterMayBeSplitAcrossFragments(byte[] text, int split) throws Exception {
        client.frame(0x01, java.util.Arrays.copyOf(text, split));
        client.frame(0x89, new byte[] {1});
        client.frame(0x80, java.util.Arrays.copyOfRange(text, split, text.length));

        assertThat(client.readFrame().firstByte()).isEqualTo(0x8A);
        assertThat(client.readFrame().payload()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"999, true", "1000, true", "1001, false"})
    void limitCountsAllFragmentsTogether(int total, boolean fits) throws Exception {
        client.frame(0x02, new byte[500]);
        client.frame(0x00, new byte[0]);
        client.frame(0x80, new byte[total - 500]);

        if (fits) {
            assertThat(client.readFrame().payload()).hasSize(total);
        } else {
            assertThat(client.readCloseCode()).isEqualTo(1009);
        }
    }

    @Test
    void manyFramesInOneSegmentAreAnsweredInOrder() throws Exception {
        var bytes = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            bytes.append("8281").append(MASK).append(String.format("%02x", i));
        }
        client.write(HexFormat.of().parseHex(bytes));

        for (int i = 0; i < 100; i++) {
            assertThat(client.readFrame().payload()).containsExactly(i);
        }
    }

    @Test
    void pingIsAnsweredWithItsPayload() throws Exception {
        client.frame(0x89, "abc".getBytes(UTF_8));

        RawClient.Frame pong = client.readFrame();
        assertThat(pong.firstByte()).isEqualTo(0x8A);
        assertThat(pong.text()).isEqualTo("abc");
    }

    @Test
    void closeIsAnsweredWithItsCode() throws Exception {
        client.frame(0x88, new byte[] {0x0F, (byte) 0xA0, 'b', 'y', 'e'});

        assertThat(client.readCloseCode()).isEqualTo(4000);
        assertThat(client.isAtEnd()).isTrue();
        assertThat(echo.next("close")).isEqualTo("close 4000 bye");
    }

    @Test
    void closeWithoutCodeIsAnsweredAlike() throws Exception {
        client.frame(0x88, new byte[0]);

        assertThat(client.readFrame().payload()).isEmpty();
        assertThat(client.isAtEnd()).isTrue();
        assertThat(echo.next("close")).isEqualTo("close 1005");
    }

    @Test
    void dropWithoutCloseIs1006() throws Exception {
        client.text("x").readFrame();
        client.close();

        assertThat(echo.next("close")).startsWith("close 1006");
    }

    @Test
    void dataAfterOurCloseFrameIsDropped() throws Exception {
        var end = echo.socket().closeAsync(4001, "enough");
        assertThat(client.readCloseCode()).isEqualTo(4001);

        client.text("too late").frame(0x88, new byte[] {0x0F, (byte) 0xA1});

        end.get(30, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(client.isAtEnd()).isTrue();
        assertThat(server.stats().messagesIn()).isZero();
        assertThat(echo.next("close")).isEqualTo("close 4001 enough");
    }
}
