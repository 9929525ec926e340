package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The handshakes of the Python library, byte for byte. */
class AuthVectorsTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Stream<JsonNode> digests() throws IOException {
        return lines("auth_digests.jsonl");
    }

    static Stream<JsonNode> transcripts() throws IOException {
        return lines("auth_transcripts.jsonl");
    }

    private static Stream<JsonNode> lines(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(AuthVectorsTest.class.getResourceAsStream("/" + resource))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream().map(MAPPER::readTree);
        }
    }

    private static byte[] hex(JsonNode node) {
        return ByteBufUtil.decodeHexDump(node.asString());
    }

    @ParameterizedTest
    @MethodSource("digests")
    void answersAsPythonDoes(JsonNode line) {
        byte[] digest = Hmac.BLAKE2B.compute(hex(line.get("key")), hex(line.get("challenge")));

        assertThat(digest).isEqualTo(hex(line.get("digest")));
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void serverSaysWhatPythonSays(JsonNode line) {
        for (int piece : new int[] {Integer.MAX_VALUE, 1, 7}) {
            Side server = Side.server(authentication(line, "server"));

            List<byte[]> said = play(server, line, "client", piece);

            assertThat(said).containsExactlyElementsOf(events(line, "server"));
            assertResult(server, line.get("server_result"));
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void clientSaysWhatPythonSays(JsonNode line) {
        if (line.get("client_result").isNull()) {
            return; // a script of wrong bytes, not a client
        }
        for (int piece : new int[] {Integer.MAX_VALUE, 1, 7}) {
            Side client = Side.client(authentication(line, "client"));

            List<byte[]> said = play(client, line, "server", piece);

            if (!line.get("name").asString().contains("answers the second challenge")) { // which no client does
                assertThat(said).containsExactlyElementsOf(events(line, "client"));
            }
            assertResult(client, line.get("client_result"));
        }
    }

    private static Authentication authentication(JsonNode line, String side) {
        Keys keys = Keys.of(hex(line.get(side + "_key")));
        JsonNode challenge = line.get(side + "_challenge");
        return Side.authentication(Handshake.LEGACY, keys, Side.FORMAT, bytes -> {
            byte[] given = challenge.isNull() ? new byte[bytes.length] : hex(challenge);
            System.arraycopy(given, 0, bytes, 0, bytes.length);
        });
    }

    private static List<byte[]> events(JsonNode line, String sender) {
        var events = new ArrayList<byte[]>();
        boolean goesOn = false;
        for (JsonNode event : line.get("events")) {
            boolean from = event.get("from").asString().equals(sender);
            if (from && goesOn) { // Python writes in pieces what is said in one go
                events.add(concat(events.remove(events.size() - 1), hex(event.get("bytes"))));
            } else if (from) {
                events.add(hex(event.get("bytes")));
            }
            goesOn = from;
        }
        return events;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBufUtil.decodeHexDump(ByteBufUtil.hexDump(first) + ByteBufUtil.hexDump(second));
    }

    private static List<byte[]> play(Side side, JsonNode line, String other, int piece) {
        var said = new ArrayList<byte[]>();
        add(said, side.begin());
        for (byte[] event : events(line, other)) {
            add(said, side.hear(event, piece));
        }
        return said;
    }

    private static void add(List<byte[]> said, byte[] bytes) {
        if (bytes.length > 0) {
            said.add(bytes);
        }
    }

    private static void assertResult(Side side, JsonNode result) {
        if (result.asString().equals("ok")) {
            assertThat(side.agreement).isNotNull();
            assertThat(side.unused()).isZero();
        } else {
            assertThat(side.refusal).isInstanceOf(AuthenticationException.class);
        }
    }
}
