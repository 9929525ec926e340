package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandWordsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            delimiter = '!',
            value = {
                "/opt/get --user me ! /opt/get,--user,me",
                "|  a\t b  | ! a,b",
                "\"/opt/my tools/get\" \"a b\"c ! /opt/my tools/get,a bc",
                "a '' \"\" ! a,,",
                "'a \"b\" \\' ! a \"b\" \\",
                "a\\ b \\\\ \\\" ! a b,\\,\"",
                "\"a \\\" \\\\ \\n\" ! a \" \\ \\n",
                "a\\ ! a\\",
            })
    void splitsAsAShellWouldWithoutExpanding(String text, String words) {
        assertThat(String.join(",", CommandWords.split(text, false))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            delimiter = '!',
            value = {
                "\"C:\\Program Files\\get.exe\" 'x ! C:\\Program Files\\get.exe,'x",
                "C:\\a\\\"b ! C:\\a\"b",
            })
    void leavesBackslashesOfWindowsAlone(String text, String words) {
        assertThat(String.join(",", CommandWords.split(text, true))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {"\"a b", "a 'b", "||", "|  |"})
    void givesNothingWhereThereIsNoProgramOrNoOtherQuotationMark(String text) {
        assertThat(CommandWords.split(text == null ? "" : text, false)).isEmpty();
    }
}
