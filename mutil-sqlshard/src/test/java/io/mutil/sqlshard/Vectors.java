package io.mutil.sqlshard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the original wrote. */
final class Vectors {
    private static final JsonMapper JSON = new JsonMapper();

    private Vectors() {}

    /** A store, and what is in it. */
    record Store(String name, int shards, int keyLength, int shardIndex) {
        JsonNode entries() throws IOException {
            return JSON.readTree(text(name + ".json")).get("entries");
        }
    }

    static Stream<Store> stores() {
        return Stream.of(new Store("sqlshard_4x3", 4, 3, 0), new Store("sqlshard_3x2_idx1", 3, 2, 1));
    }

    static Stream<JsonNode> index() throws IOException {
        return text("sqlshard_index.jsonl").lines().map(JSON::readTree);
    }

    static String text(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/" + resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The bytes of a key, written out or as one byte many times. */
    static byte[] hashed(JsonNode vector) {
        JsonNode repeat = vector.get("key_repeat");
        return HexFormat.of()
                .parseHex(
                        repeat == null
                                ? vector.get("key").asString()
                                : repeat.get(0).asString().repeat(repeat.get(1).asInt()));
    }

    static ShardKey key(JsonNode parts) {
        Object[] all = new Object[parts.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = part(parts.get(i));
        }
        return ShardKey.of(all);
    }

    private static Object part(JsonNode part) {
        String type = part.propertyNames().iterator().next();
        JsonNode value = part.get(type);
        return switch (type) {
            case "b" -> HexFormat.of().parseHex(value.asString());
            case "i" -> value.asLong();
            case "f" -> value.asDouble();
            default -> value.asString();
        };
    }
}
