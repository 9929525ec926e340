package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @Test
    void takesWhatBelongsToAnOption() {
        var arguments = new Arguments("usage", "--rounds", "7", "--only", "a,b", "--dir", "x");

        assertThat(arguments.next()).isEqualTo("--rounds");
        assertThat(arguments.number(10)).isEqualTo(7);
        assertThat(arguments.next()).isEqualTo("--only");
        assertThat(arguments.words(List.of("a", "b", "c"))).containsExactly("a", "b");
        assertThat(arguments.next()).isEqualTo("--dir");
        assertThat(arguments.path()).isEqualTo(Path.of("x"));
        assertThat(arguments.hasNext()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--n", "--n 0", "--n 11", "--n x", "--n -1"})
    void saysWhichNumberIsWrong(String line) {
        var arguments = new Arguments("usage: X", line.split(" ", -1));
        arguments.next();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> arguments.number(10))
                .withMessageStartingWith("--n must be 1 to 10, was ")
                .withMessageEndingWith("; usage: X");
    }

    @Test
    void saysWhichWordIsWrong() {
        var arguments = new Arguments("usage: X", "--only", "a,d");
        arguments.next();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> arguments.words(List.of("a", "b")))
                .withMessage("--only must be of a, b, was d; usage: X");
    }
}
