package io.mutil.pipe;

import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden cases, one JSON object a line; their format is that of the suite's vectors. */
final class Vectors {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Vectors() {}

    static List<JsonNode> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/" + resource), resource)) {
            Stream<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
            return lines.map(MAPPER::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] payload(JsonNode line) {
        if (line.has("payload")) {
            return hex(line.get("payload"));
        }
        byte[] repeated = new byte[line.get("payload_repeat").get(1).asInt()];
        Arrays.fill(repeated, hex(line.get("payload_repeat").get(0))[0]);
        return repeated;
    }

    static byte[] hex(JsonNode node) {
        return ByteBufUtil.decodeHexDump(node.asString());
    }
}
