package io.mutil.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class WordsTest {
    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.strings().withChars("ab'\"\\ \t\n#$é").ofMaxLength(12);
    }

    @Test
    void splitsAsPythonDoes() throws IOException {
        List<JsonNode> rows = Vectors.of("dispatch_shlex.jsonl");

        assertThat(rows).hasSize(560).allSatisfy(row -> {
            String line = row.get("line").asString();
            if (row.has("error")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Words.split(line))
                        .withMessage(row.get("error").asString());
            } else {
                assertThat(Words.split(line))
                        .containsExactlyElementsOf(
                                Vectors.strings(row.get("tokens")).toList());
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"it's,No closing quotation", "a\\,No escaped character", "\"a\\,No escaped character"})
    void refusesWhatHasNoEnd(String line, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Words.split(line)).withMessage(message);
    }

    @Property
    void quotedWordsComeBack(@ForAll List<@From("lines") String> words) {
        String line = words.stream().map(Words::quote).collect(Collectors.joining(" "));

        assertThat(Words.split(line)).isEqualTo(words);
    }

    @Property
    void plainLinesNeedNoQuotes(@ForAll("plainLines") String line) {
        assertThat(Words.split(line))
                .isEqualTo(Words.split("''\t" + line).stream().skip(1).toList());
    }

    @Provide
    Arbitrary<String> plainLines() {
        return Arbitraries.strings().withChars("ab \t\r\n\u000b\u00a0é").ofMaxLength(12);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`buy AA|PL 10`,1,AA,AAPL",
                "`b|`,0,b,b",
                "`|b`,0,``,b",
                "`|`,0,``,``",
                "`buy |`,1,``,``",
                "`buy | 10`,1,``,``",
                "`buy| 10`,0,buy,buy",
                "` | buy`,0,``,``",
                "`buy 'A B|`,1,`A B`,`A B`",
                "`buy \"A \\\"B|`,1,`A \"B`,`A \"B`",
                "`buy A\\|`,1,A,A",
                "`buy 'A| B' 10`,1,A,`A B`",
                "`buy '|`,1,``,``",
                "`a'b c'|d e`,0,`ab c`,`ab cd`",
            })
    void knowsTheWordUnderTheCursor(String marked, int index, String prefix, String word) {
        int cursor = marked.indexOf('|');

        Words.Cut cut = Words.cut(marked.replace("|", ""), cursor);

        assertThat(cut.index()).isEqualTo(index);
        assertThat(cut.prefix()).isEqualTo(prefix);
        assertThat(cut.word()).isEqualTo(word);
    }

    @Test
    void hasTheOtherWordsOfALineToo() {
        Words.Cut cut = Words.cut("set 'a b'  c\\ d \"e", 10);

        assertThat(cut.words()).containsExactly("set", "a b", "", "c d", "e");
        assertThat(cut.index()).isEqualTo(2);
    }

    @Property(tries = 3000)
    void theCursorChangesNoWord(@ForAll("lines") String line, @ForAll int place) {
        int cursor = Math.floorMod(place, line.length() + 1);

        Words.Cut cut = Words.cut(line, cursor);

        List<String> words = new ArrayList<>(cut.words());
        if (cut.rawStart() == cut.rawEnd()) {
            assertThat(words.remove(cut.index())).isEmpty();
        }
        assertThat(cut.rawStart()).isLessThanOrEqualTo(cursor);
        assertThat(cut.rawEnd()).isGreaterThanOrEqualTo(cursor);
        assertThat(words).isEqualTo(splitOr(line, words));
    }

    @Property(tries = 3000)
    void aWordMayBeWrittenInItsPlace(@ForAll("lines") String line, @ForAll int place, @ForAll("lines") String word) {
        Words.Cut cut = Words.cut(line, Math.floorMod(place, line.length() + 1));
        String rest = line.substring(cut.rawEnd());
        List<String> expected = new ArrayList<>(cut.words());
        expected.set(cut.index(), word);

        String replaced = line.substring(0, cut.rawStart()) + Words.quote(word, cut.quote(), true) + rest;

        assertThat(Words.cut(replaced, replaced.length() - rest.length()).words())
                .containsExactlyElementsOf(expected);
    }

    @Test
    void leavesTheQuoteOfAnUnfinishedWordOpen() {
        assertThat(Words.quote("A B", '\'', false)).isEqualTo("'A B");
        assertThat(Words.quote("A \"B", '"', false)).isEqualTo("\"A \\\"B");
        assertThat(Words.quote("it's", '\'', true)).isEqualTo("\"it's\"");
        assertThat(Words.quote("A B", (char) 0, false)).isEqualTo("A\\ B");
        assertThat(Words.quote("", (char) 0, false)).isEmpty();
        assertThat(Words.quote("", (char) 0, true)).isEqualTo("''");
    }

    /** An unfinished line has no words by the strict rules: then what was found has to do. */
    private static List<String> splitOr(String line, List<String> found) {
        try {
            return Words.split(line);
        } catch (IllegalArgumentException e) {
            return found;
        }
    }
}
