package io.mutil.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the Python library did. */
final class Vectors {
    private Vectors() {}

    /** The rows of a file, one JSON object in each. */
    static List<JsonNode> of(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file))) {
            var json = new ObjectMapper();
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(json::readTree)
                    .toList();
        }
    }

    static Stream<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString);
    }
}
