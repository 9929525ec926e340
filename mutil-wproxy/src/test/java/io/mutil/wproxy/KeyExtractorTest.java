package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyExtractorTest {
    private static final KeyExtractor SYM = KeyExtractor.field("sym");

    /** Elements with their keys, as {@code AAPL={"sym":"AAPL"}}. */
    private static List<String> found(KeyExtractor extractor, String message) {
        // not at the start of the array, as it is in use
        byte[] bytes = ("??" + message + "!").getBytes(UTF_8);
        var found = new Found();
        extractor.find(bytes, 2, bytes.length - 1, found);
        var result = new ArrayList<String>();
        for (int i = 0; i < found.size(); i++) {
            var keys = new ArrayList<String>();
            for (int j = found.firstKey(i); j < found.firstKey(i + 1); j++) {
                keys.add(found.key(j));
            }
            String element = new String(bytes, found.from(i), found.to(i) - found.from(i), UTF_8);
            result.add(String.join("|", keys) + "=" + element);
        }
        return result;
    }

    @Test
    void findsOneObject() {
        assertThat(found(SYM, " {\"a\" : [1,{}], \"sym\":\"A\"} "))
                .containsExactly("A={\"a\" : [1,{}], \"sym\":\"A\"}");
    }

    @Test
    void findsTheObjectsOfAList() {
        assertThat(found(SYM, "[{\"sym\":\"A\"},{ \"sym\" : \"B\" } , {\"sym\":\"\u00e9\u20ac\uD83D\uDE00\"}]"))
                .containsExactly(
                        "A={\"sym\":\"A\"}",
                        "B={ \"sym\" : \"B\" }",
                        "\u00e9\u20ac\uD83D\uDE00={\"sym\":\"\u00e9\u20ac\uD83D\uDE00\"}");
    }

    @Test
    void understandsEscapes() {
        assertThat(found(SYM, "{\"s\\u0079m\":\"A\\u00e9\\n\"}"))
                .containsExactly("A\u00e9\n={\"s\\u0079m\":\"A\\u00e9\\n\"}");
    }

    @Test
    void takesNumbersAsTheyAreWritten() {
        assertThat(found(SYM, "[{\"sym\":42},{\"sym\":1.50}]"))
                .containsExactly("42={\"sym\":42}", "1.50={\"sym\":1.50}");
    }

    @Test
    void takesTheLastOfSeveral() {
        assertThat(found(SYM, "{\"sym\":\"A\",\"sym\":\"B\"}")).containsExactly("B={\"sym\":\"A\",\"sym\":\"B\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "",
                "5",
                "\"sym\"",
                "null",
                "[[{\"sym\":\"A\"}]]",
                "{\"x\":{\"sym\":\"A\"}}",
                "{\"sym\":null}",
                "{\"sym\":true}",
                "{\"sym\":{\"sym\":\"A\"}}",
                "{\"sym\":[\"A\"]}",
                "{\"Sym\":\"A\"}"
            })
    void leavesOutWhatHasNoKey(String message) {
        assertThat(found(SYM, message)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[{\"sym\":\"A\"}",
                "[{\"sym\":\"A\"},]",
                "{\"sym\":\"A\"}x",
                "{\"sym\":\"A\"}{\"sym\":\"B\"}",
                "hello",
                "{\"sym\":\"A\",}",
                "{'sym':'A'}",
                "[{\"sym\":\"A\"}}"
            })
    void refusesWhatIsNoJson(String message) {
        assertThatThrownBy(() -> found(SYM, message)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void findsNothingInWhatBreaksOff() {
        byte[] bytes = "[{\"sym\":\"A\"},".getBytes(UTF_8);
        var found = new Found();

        assertThatThrownBy(() -> SYM.find(bytes, 0, bytes.length, found)).isInstanceOf(RuntimeException.class);

        assertThat(found.size()).isZero();
    }

    @Test
    void asksAFunctionForTheKeysOfEachElement() {
        KeyExtractor both = KeyExtractor.json(node ->
                List.of(node.path("a").asString(), node.path("b").path("c").asString()));

        assertThat(found(both, "[{\"a\":\"1\",\"b\":{\"c\":\"2\"}},{\"a\":\"3\",\"b\":{\"c\":\"4\"}}]"))
                .containsExactly("1|2={\"a\":\"1\",\"b\":{\"c\":\"2\"}}", "3|4={\"a\":\"3\",\"b\":{\"c\":\"4\"}}");
    }

    @Test
    void asksAFunctionForTheKeysOfAnyMessage() {
        KeyExtractor firstByte = KeyExtractor.message(bytes -> List.of(String.valueOf((char) bytes.get(0))));

        assertThat(found(firstByte, "xyz")).containsExactly("x=xyz");
    }

    @Test
    void countsAKeyOnceForEachElement() {
        KeyExtractor twice = KeyExtractor.json(node -> List.of("a", "b", "a"));

        assertThat(found(twice, "[{},{}]")).containsExactly("a|b={}", "a|b={}");
    }

    @Test
    void refusesAFunctionThatGivesNull() {
        KeyExtractor broken = KeyExtractor.json(node -> Arrays.asList("a", null));

        assertThatThrownBy(() -> found(broken, "{}")).isInstanceOf(NullPointerException.class);
    }
}
