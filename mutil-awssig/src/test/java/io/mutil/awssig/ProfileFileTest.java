package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileFileTest {
    private static Map<String, Map<String, String>> credentials(String text) {
        return ProfileFile.parse(text, false, "credentials");
    }

    private static Map<String, Map<String, String>> config(String text) {
        return ProfileFile.parse(text, true, "config");
    }

    @Test
    void readsSectionsAndProperties() {
        assertThat(credentials("""
                        [default]
                        aws_access_key_id = AKID
                        aws_secret_access_key=a=b/c+d==

                        [ dev ]
                        region\t=\teu-central-1
                        """))
                .isEqualTo(Map.of(
                        "default",
                        Map.of("aws_access_key_id", "AKID", "aws_secret_access_key", "a=b/c+d=="),
                        "dev",
                        Map.of("region", "eu-central-1")));
    }

    @Test
    void dropsCommentsWhereTheyAreSome() {
        assertThat(credentials("""
                        \uFEFF# about
                        ; more
                        [default]# here
                        a = b #c
                        d = e;f
                        g = h\t; i
                        """)).isEqualTo(Map.of("default", Map.of("a", "b", "d", "e;f", "g", "h")));
    }

    @Test
    void continuesAPropertyOnIndentedLines() {
        assertThat(config("""
                        [default]
                        s3 =
                          max_queue_size = 10
                        \tuse # as it is
                        region = r
                        """))
                .isEqualTo(Map.of("default", Map.of("s3", "\nmax_queue_size = 10\nuse # as it is", "region", "r")));
    }

    @Test
    void mergesEqualSectionsAndTakesTheLaterProperty() {
        assertThat(credentials("[a]\nx = 1\ny = 1\n[b]\n[a]\ny = 2\ny = 3\n"))
                .isEqualTo(Map.of("a", Map.of("x", "1", "y", "3"), "b", Map.of()));
    }

    @Test
    void knowsProfilesOfTheConfigurationByTheirPrefix() {
        assertThat(config("[profile a]\nx = 1\n[b]\nx = 2\n[sso-session c]\nx = 3\n[profile\td]\n[profilee]\n"))
                .isEqualTo(Map.of("a", Map.of("x", "1"), "d", Map.of()));
    }

    @Test
    void prefersTheDefaultWithAPrefix() {
        assertThat(config("[default]\nx = 1\ny = 1\n[profile default]\nx = 2\n[default]\nx = 3\n"))
                .isEqualTo(Map.of("default", Map.of("x", "2")));
    }

    @Test
    void leavesOutOddNames() {
        assertThat(credentials("[a b]\nx = 1\nno property\n[c]\no d = 1\n more\ny = 2\n"))
                .isEqualTo(Map.of("c", Map.of("y", "2")));
    }

    @ParameterizedTest
    @CsvSource({
        "'x = hunter2', 1, a line before the first [section]",
        "'[a]\nhunter2', 2, a property without =",
        "'[a]\n\n= hunter2', 3, a property without a name",
        "'[a\n', 1, a section without ]",
        "'[a]\n\n  x = hunter2', 3, an indented line that continues no property",
        "'[a]\nx = 1\n[b]\n\tx = hunter2', 4, an indented line that continues no property",
    })
    void saysWhichLineIsWrongWithoutShowingIt(String text, int line, String what) {
        assertThatThrownBy(() -> credentials(text))
                .isInstanceOf(CredentialsException.class)
                .hasMessage(
                        "credentials:" + line + " has " + what + "; it must be [section], name = value or # comment");
    }
}
