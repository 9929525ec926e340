package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What the Python library signed. */
class VectorsTest {
    static Stream<JsonNode> vectors() {
        return Resources.jsonLines("vectors/aws_sigv4.jsonl");
    }

    @Test
    void areComplete() {
        assertThat(vectors()).hasSize(171);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void areSignedAlike(JsonNode vector) {
        SigV4Builder builder = builder(vector);
        if (vector.has("error")) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least three labels");
            return;
        }

        Signed signed =
                builder.build().sign(Request.of(text(vector, "method"), text(vector, "host"), text(vector, "path")));

        assertThat(new TreeMap<>(signed.headers())).isEqualTo(headers(vector));
    }

    private static SigV4Builder builder(JsonNode vector) {
        LocalDateTime time = LocalDateTime.parse(text(vector, "clock_utc"));
        return SigV4.builder(Credentials.of(text(vector, "access"), text(vector, "secret")))
                .host(text(vector, "host"))
                .compatible()
                .clock(Clock.fixed(time.toInstant(ZoneOffset.UTC), ZoneOffset.UTC));
    }

    private static Map<String, String> headers(JsonNode vector) {
        Map<String, String> headers = new TreeMap<>();
        vector.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        return headers;
    }

    private static String text(JsonNode vector, String name) {
        return vector.get(name).asString();
    }
}
