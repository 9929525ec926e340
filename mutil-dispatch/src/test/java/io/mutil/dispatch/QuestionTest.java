package io.mutil.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static boolean[] of(String line) {
        return Question.of(line, Words.split(line).size());
    }

    @Test
    void onlyUnquotedMarksAsk() {
        assertThat(of("a b? ?")).containsExactly(false, true, true);
        assertThat(of("'?' \"?\" \\? a'?' 'a'?")).containsExactly(false, false, false, false, false);
        assertThat(of("\"a\\\" ?\" ? b")).containsExactly(false, true, false);
        assertThat(of("\"a\"b? c\\ ? ''? d?")).containsExactly(false, false, false, true);
    }

    @Provide
    static Arbitrary<List<String>> words() {
        return Arbitraries.strings()
                .withChars("ab ?'\"\\\t\n")
                .ofMaxLength(4)
                .list()
                .ofMaxSize(5);
    }

    @Property
    void quotedWordsNeverAsk(@ForAll @From("words") List<String> words) {
        String line = words.stream().map(word -> Words.quote(word, '"', true)).collect(Collectors.joining(" "));

        assertThat(of(line + " ?")).hasSize(words.size() + 1).endsWith(true);
        assertThat(of(line)).doesNotContain(true);
    }
}
