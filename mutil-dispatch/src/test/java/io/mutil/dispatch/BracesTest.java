package io.mutil.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BracesTest {
    private static final String REFUSED = "refused";

    private static final String ESCAPABLE = "\\{},.";

    private static final String HIDING = "\uE000\uE001\uE002\uE003\uE004";

    private static final Pattern LETTERS = Pattern.compile("([a-z])\\.\\.([a-z])");

    private static final Pattern NUMBERS = Pattern.compile(" *(-?\\d+)\\.\\.(-?\\d+)(?:\\.\\.(-?\\d+))? *");

    /** Where the Python library is not followed. */
    private static final Map<String, Predicate<String>> DEVIATIONS = Map.of(
            "braces within braces are expanded too, all of them",
                    text -> text.matches("(?s).*\\{[^{}]*\\{[^{}]*}[^{}]*}.*"),
            "a backslash takes the meaning from what it is before", text -> text.matches("(?s).*\\\\[{},.\\\\].*"),
            "letters have ranges", text -> text.matches("\\{[a-z]\\.\\.[a-z]}"));

    private static List<String> expanded(String text) {
        try {
            return Braces.expand(text);
        } catch (IllegalArgumentException e) {
            return List.of(REFUSED);
        }
    }

    private static List<String> theirs(JsonNode row) {
        return row.has("error")
                ? List.of(REFUSED)
                : row.get("out").valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void everyRowIsEqualOrARuleSaysWhy() throws IOException {
        var needed = new HashMap<String, Integer>();

        Vectors.of("expand.jsonl").forEach(row -> {
            String text = row.get("in").asString();
            List<String> rules = DEVIATIONS.entrySet().stream()
                    .filter(rule -> rule.getValue().test(text))
                    .map(Map.Entry::getKey)
                    .toList();
            List<String> ours = expanded(text);
            assertThat(ours).as("%s, %s", text, rules).isEqualTo(rules.isEmpty() ? theirs(row) : model(text));
            if (!ours.equals(theirs(row))) {
                rules.forEach(rule -> needed.merge(rule, 1, Integer::sum));
            }
        });

        assertThat(needed).containsOnlyKeys(DEVIATIONS.keySet());
        assertThat(Vectors.of("expand.jsonl")).hasSize(260);
    }

    /** By its definition, once what is escaped is hidden: the first group, and then the rest, for each of its options. */
    private static List<String> model(String text) {
        String hidden = Pattern.compile("\\\\([{},.\\\\])")
                .matcher(text)
                .replaceAll(escape -> HIDING.charAt(ESCAPABLE.indexOf(escape.group(1))) + "");
        return product(hidden).stream().map(BracesTest::shown).toList();
    }

    private static String shown(String hidden) {
        String text = hidden;
        for (int i = 0; i < HIDING.length(); i++) {
            text = text.replace(HIDING.charAt(i), ESCAPABLE.charAt(i));
        }
        return text;
    }

    private static List<String> product(String text) {
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
            int close = close(text, open);
            if (close >= 0) {
                var all = new ArrayList<String>();
                List<String> rest = product(text.substring(close + 1));
                for (String option : options(text.substring(open + 1, close))) {
                    for (String end : rest) {
                        all.add(text.substring(0, open) + option + end);
                    }
                }
                return all;
            }
        }
        return List.of(text);
    }

    private static int close(String text, int open) {
        int depth = 0;
        for (int at = open; at < text.length(); at++) {
            depth += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        return -1;
    }

    private static List<String> options(String group) {
        var options = new ArrayList<String>();
        int depth = 0;
        int begin = 0;
        for (int at = 0; at <= group.length(); at++) {
            char next = at == group.length() ? ',' : group.charAt(at);
            depth += next == '{' ? 1 : next == '}' ? -1 : 0;
            if (next == ',' && depth == 0) {
                options.addAll(option(group.substring(begin, at)));
                begin = at + 1;
            }
        }
        return options;
    }

    private static List<String> option(String option) {
        Matcher letters = LETTERS.matcher(option);
        if (letters.matches()) {
            return range(letters.group(1).charAt(0), letters.group(2).charAt(0))
                    .mapToObj(letter -> String.valueOf((char) letter))
                    .toList();
        }
        Matcher numbers = NUMBERS.matcher(option);
        if (!numbers.matches()) {
            return product(option);
        }
        long first = Long.parseLong(numbers.group(1));
        long step = numbers.group(3) == null ? 1 : Math.abs(Long.parseLong(numbers.group(3)));
        return range(first, Long.parseLong(numbers.group(2)))
                .filter(value -> (value - first) % step == 0)
                .mapToObj(Long::toString)
                .toList();
    }

    private static LongStream range(long first, long last) {
        return first <= last
                ? LongStream.rangeClosed(first, last)
                : LongStream.rangeClosed(last, first).map(value -> first + last - value);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("{", "{", "}", "}", ",", ",", "\\", "a", "1..3", "{2..1}", "{x,y}", " ", "é", "{a..c}")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 2_000)
    void anyTextIsExpandedAsTheModelDoes(@ForAll("texts") String text) {
        List<String> ours = expanded(text);

        if (ours.equals(List.of(REFUSED))) {
            assertThat(text).contains("..");
        } else {
            assertThat(ours).isEqualTo(model(text));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{a,b}{c,d}; ac ad bc bd",
                "{1..5}; 1 2 3 4 5",
                "{3..1}; 3 2 1",
                "{1..6..2}; 1 3 5",
                "{5..1..2}; 5 3 1",
                "{5..1..-2}; 5 3 1",
                "{01..03}; 01 02 03",
                "{8..010}; 008 009 010",
                "{-01..1}; -01 000 001",
                "{1..00}; 01 00",
                "{-0..1}; 0 1",
                "{+1..3}; 1 2 3",
                "{a..e}; a b c d e",
                "{E..A..2}; E C A",
                "{1..2,x,a..b}; 1 2 x a b",
                "{a,{b,c}}; a b c",
                "{a,b{1..2}c,d}; a b1c b2c d",
                "{{1..2},{a,b}}; 1 2 a b",
                "{../a,../b}; ../a ../b",
                "a{b,1{1..2}; a{b,11 a{b,12",
                "{a,b}}; a} b}",
                "{{a,b}; {a {b",
                "\\{a,b\\}; {a,b}",
                "{a\\,b,c}; a,b c",
                "\\\\{a,b}; \\a \\b",
                "C:\\dir\\{a,b}; C:\\dir{a,b}",
                "C:\\dir\\\\{a,b}; C:\\dir\\a C:\\dir\\b",
                "{1\\..3}; 1..3",
                "\\; \\",
                "{x}; x",
                "a{}b; ab"
            })
    void bracesStandForManyTexts(String text, String expanded) {
        assertThat(Braces.expand(text)).containsExactly(expanded.split(" "));
    }

    @Test
    void emptyOptionsCount() {
        assertThat(Braces.expand("a{,b}{,}")).containsExactly("a", "a", "ab", "ab");
        assertThat(Braces.expand("")).containsExactly("");
    }

    @Test
    void rangesReachTheEndsOfLongs() {
        assertThat(Braces.expand("{9223372036854775806..9223372036854775807}"))
                .containsExactly("9223372036854775806", "9223372036854775807");
        assertThat(Braces.expand("{-9223372036854775807..9223372036854775807..9223372036854775807}"))
                .containsExactly("-9223372036854775807", "0", "9223372036854775807");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{..}", "{1..}", "{1..x}", "{a..Z}", "{ab..c}", "{0x1..3}", "{1..2..}", "{1..{a,b}}", "x{ä..ü}"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand(text))
                .withMessageStartingWith(
                        "what is in braces in \"" + text + "\", from position " + (text.indexOf('{') + 1))
                .withMessageContaining("is no range");
    }

    @Test
    void stepsAndNumbersAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand("{1..5..0}"))
                .withMessageContaining("has the step 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand("{1..9223372036854775808}"))
                .withMessageContaining("beyond 9223372036854775807");
        assertThatIllegalArgumentException().isThrownBy(() -> Braces.expand("{-9223372036854775808..1}"));
    }

    @Test
    void tooManyAreRefusedBeforeTheyAreMade() {
        assertThat(Braces.expand("{1..1000}{1..100}")).hasSize(100_000);
        assertThat(Braces.expand("{1..5}", 5)).hasSize(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand("{1..1000}{1..101}"))
                .withMessage("\"{1..1000}{1..101}\" stands for 101000 texts, more than the limit of 100000;"
                        + " ask for fewer, or pass a higher limit");
        assertThatIllegalArgumentException().isThrownBy(() -> Braces.expand("{1..5}", 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand("{1..9000000000000000000}".repeat(50)))
                .withMessageContaining("stands for 9223372036854775807 texts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand("{-9000000000000000000..9000000000000000000,a,b}"))
                .withMessageContaining("stands for 9223372036854775807 texts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand("{a,b}", 0))
                .withMessage("limit must be positive, was 0");
    }

    @Test
    void tooLongOnesAreRefusedBeforeTheyAreMade() {
        String longText = "x".repeat(3_000);

        assertThat(Braces.expand(longText + "{1..3}", 10)).hasSize(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand(longText + "{1..5}", 10))
                .withMessageContaining("5 texts of up to 3006 characters");
    }

    @Test
    void deepBracesAreRefusedAndUnmatchedOnesAreNot() {
        assertThat(Braces.expand("{".repeat(100) + "a,b" + "}".repeat(100))).containsExactly("a", "b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Braces.expand("{".repeat(100_000) + "}".repeat(100_000)))
                .withMessageContaining("more than 100 deep");
        assertThat(Braces.expand("{".repeat(100_000))).hasSize(1);
        assertThat(Braces.expand("{a}".repeat(100_000))).containsExactly("a".repeat(100_000));
    }

    @Test
    void theResultCannotBeChanged() {
        List<String> texts = Braces.expand("{a,b}");

        assertThatThrownBy(() -> texts.add("c")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theExampleCompiles(@TempDir Path folder) throws IOException {
        List<String> examples = QuotedCode.ofJavadoc(Path.of("src/main/java/io/mutil/dispatch/Braces.java"))
                .toList();

        assertThat(examples).hasSize(1);
        QuotedCode.compile("import io.mutil.dispatch.*;\nimport java.util.*;\n", examples.get(0), folder);
    }
}
