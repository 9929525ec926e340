package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @Test
    void takesTheNameApart() throws Exception {
        FileName name = FileName.parse(UTF_8.encode("2026/11/day.csv"));

        assertThat(name.directories()).containsExactly("2026", "11");
        assertThat(name.last()).isEqualTo("day.csv");
        assertThat(name).hasToString("2026/11/day.csv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                ".hidden",
                "...",
                "..a",
                "a..",
                "a b",
                "day.csv",
                "12:30.csv",
                "a/b/c/d",
                "~",
                "-rf",
                "%2e%2e"
            })
    void acceptsOrdinaryNames(String name) throws Exception {
        assertThat(FileName.parse(UTF_8.encode(name))).hasToString(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|empty",
                "/etc/passwd|absolute",
                "//host/share|absolute",
                "..|part ..",
                "../x|part ..",
                ".mutil-0000000000000000.part|not whole yet",
                "a/.MUTIL-1.part/x|not whole yet",
                "a/../../x|part ..",
                "a/..|part ..",
                "./a|part .",
                "a/./b|part .",
                "a//b|part of it is empty",
                "a/|part of it is empty",
                "C:/x|drive letter",
                "c:x|drive letter",
                "..\\x|backslash",
                "a\\b|backslash",
            })
    void refusesNamesThatLeaveOrMeanSomethingElse(String name, String why) {
        assertThatThrownBy(() -> FileName.parse(UTF_8.encode(name)))
                .isInstanceOf(FileRefusal.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\0", "a\nb", "a\u001b[2Jb", "a\u0085b", "a\u007f"})
    void refusesControlCharactersAndShowsThemEscaped(String name) {
        assertThatThrownBy(() -> FileName.parse(UTF_8.encode(name)))
                .isInstanceOf(FileRefusal.class)
                .hasMessageContaining("control character")
                .hasMessageContaining("\\u00")
                .hasMessageMatching("[\\x20-\\x7e]*");
    }

    @Test
    void refusesWhatIsNoUtf8() {
        assertThatThrownBy(() -> FileName.parse(ByteBuffer.wrap(new byte[] {'a', (byte) 0xc0, (byte) 0xae})))
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThatThrownBy(() -> FileName.parse(UTF_8.encode("a".repeat(256)))).hasMessageContaining("255 bytes");
        assertThatThrownBy(() -> FileName.parse(UTF_8.encode("a/".repeat(2048) + "b")))
                .hasMessageContaining("4096 bytes");
    }

    @Test
    void leavesTheCallersBufferAlone() throws Exception {
        ByteBuffer bytes = UTF_8.encode("day.csv");

        FileName.parse(bytes);

        assertThat(bytes.remaining()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "a.", "a ", "CON", "con.txt", "Aux", "COM1", "lpt9.log", "nul .txt", "COM²"})
    void knowsWhatWindowsReadsDifferently(String part) {
        assertThat(FileName.meansSomethingElseOnWindows(part)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "console", "com", "com10", "a.b", ".a", "nulls"})
    void knowsWhatWindowsReadsAsItIs(String part) {
        assertThat(FileName.meansSomethingElseOnWindows(part)).isFalse();
    }
}
