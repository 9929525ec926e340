package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The scanner finds what a parser finds that knows JSON better than we do, and refuses what that refuses. */
class FieldScannerTest {
    private static final KeyExtractor SCANNER = KeyExtractor.field("sym");

    @Property(tries = 20_000)
    void findsWhatAParserFinds(@ForAll("texts") String text) {
        assertThat(found(SCANNER::find, text)).as(text).isEqualTo(found(new FieldByParser("sym"), text));
    }

    /** Pieces of JSON in any order: mostly broken, and now and then not. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> values = Arbitraries.of(
                "1",
                "-0.5e+3",
                "01",
                "-",
                "1.",
                "\"a\"",
                "\"\\u00e9\\n\"",
                "\"\\x\"",
                "\"\u20ac\"",
                "true",
                "null",
                "nul",
                "{}",
                "[]",
                "[1, {\"sym\":\"in\"}]",
                "{\"sym\":{\"sym\":\"in\"}}",
                "\"",
                "\"\\ud83d\\ude00\"",
                "1e5",
                "1E",
                "\"\t\"");
        Arbitrary<String> names = Arbitraries.of("\"sym\"", "\"s\\u0079m\"", "\"x\"", "\"Sym\"", "\"\"", "sym");
        Arbitrary<String> members = net.jqwik.api.Combinators.combine(names, values, spaces(), spaces())
                .as((name, value, before, behind) -> before + name + behind + ":" + before + value + behind);
        Arbitrary<String> objects = members.list().ofMaxSize(4).map(list -> "{" + String.join(",", list) + "}");
        Arbitrary<String> lists = Arbitraries.oneOf(objects, values)
                .list()
                .ofMaxSize(4)
                .map(list -> "[" + String.join(" , ", list) + "]");
        Arbitrary<String> noise = Arbitraries.of("{", "}", "[", "]", ",", ":", " ", "\"sym\"", "\"A\"", "1", "\uFEFF")
                .list()
                .ofMaxSize(10)
                .map(list -> String.join("", list));
        return Arbitraries.oneOf(
                objects, lists, noise, lists.map(text -> text + "x"), objects.map(text -> "\uFEFF" + text));
    }

    private static Arbitrary<String> spaces() {
        return Arbitraries.of("", "", " ", "\n\t\r ");
    }

    private static List<String> found(KeyExtractor.Extraction extraction, String text) {
        byte[] bytes = ("??" + text + "!").getBytes(UTF_8);
        var found = new Found();
        try {
            extraction.find(bytes, 2, bytes.length - 1, found);
        } catch (RuntimeException e) {
            return List.of("refused");
        }
        var result = new ArrayList<String>();
        for (int i = 0; i < found.size(); i++) {
            String element = new String(bytes, found.from(i), found.to(i) - found.from(i), UTF_8);
            result.add(found.key(found.firstKey(i)) + "=" + element);
        }
        return result;
    }
}
