package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Mutations;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
    @Test
    void readsAllKindsOfValues() {
        assertThat(Json.object(
                        " {\"a\" : \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\", \"b\":[1,-0.5e+2,1E-3, []] ,\"c\":{}, \"d\":true,"
                                + "\"e\":false,\"f\":null}\r\n\t"))
                .containsEntry("a", "\"\\/\b\f\n\r\t\u00e9")
                .containsEntry(
                        "b", List.of(new BigDecimal("1"), new BigDecimal("-0.5e+2"), new BigDecimal("1E-3"), List.of()))
                .containsEntry("c", Map.of())
                .containsEntry("d", true)
                .containsEntry("e", false)
                .containsEntry("f", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "1",
                "{}x",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":[1,]}",
                "{\"a\":[1",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":1e99999999999}",
                "{\"a\":NaN}",
                "{\"a\":tru}",
                "{\"a\":True}",
                "{\"a\":nul}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"",
                "{\"a\":\"\\",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1}{\"b\":1}",
                "/* */ {}",
                "{\"a\":1\u00a0}",
                "{\"a\":1\0}",
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> Json.object(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatWouldTakeTooMuchToRead() {
        assertThat(Json.object("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}"))
                .hasSize(1);
        assertThatThrownBy(() -> Json.object("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}"))
                .hasMessageStartingWith("more than 32 levels");
        assertThatThrownBy(() -> Json.object("{\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.object("{\"a\":" + "1".repeat(65) + "}"))
                .hasMessageStartingWith("a number of more than 64 characters");
    }

    @Property(tries = 500)
    void damagedTextIsReadOrRefused(@ForAll long seed) {
        byte[] text =
                "{\"Version\": 1, \"AccessKeyId\": \"A\\u0041\", \"n\": [-1.5e3, {\"t\": true, \"f\": false}], \"x\": null}"
                        .getBytes(UTF_8);
        var random = new Random(seed);
        String damaged = new String(Mutations.damaged(text, 1 + random.nextInt(4), random), ISO_8859_1);

        try {
            Json.object(damaged);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("AccessKeyId");
            return;
        }
        // what we take, a reader of everybody's takes too
        assertThat(new JsonMapper().readTree(damaged).isObject()).isTrue();
    }

    @Property(tries = 300)
    void quotedStringsAreReadBackByOthersAndByUs(@ForAll String value) {
        var out = new StringBuilder("{\"a\":");
        Json.quote(value, out);
        String text = out.append('}').toString();

        assertThat(Json.object(text)).isEqualTo(Map.of("a", value));
        assertThat(new JsonMapper().readTree(text).get("a").asString()).isEqualTo(value);
    }
}
