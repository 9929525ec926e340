package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
    private static Map<String, ClientTerms> read(Path folder, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), text);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return TokenFile.read(file);
    }

    private static ClientTerms terms(Map<String, ClientTerms> tokens, String token) {
        return Objects.requireNonNull(tokens.get(token), token);
    }

    @Test
    void readsTokensWithAndWithoutKeys(@TempDir Path folder) throws Exception {
        Map<String, ClientTerms> tokens = read(folder, "# comment\n\n  all  \r\nsome AAPL, MSFT\nother\tBRK.B\n");

        assertThat(tokens).containsOnlyKeys("all", "some", "other");
        assertThat(terms(tokens, "all").admitsEverything()).isTrue();
        assertThat(terms(tokens, "some").admitsEverything()).isFalse();
        assertThat(terms(tokens, "some").admits("MSFT")).isTrue();
        assertThat(terms(tokens, "some").admits("BRK.B")).isFalse();
        assertThat(terms(tokens, "other").admits("BRK.B")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok\nsecret AAPL,,MSFT", "ok\nsecret AAPL MSFT", "secret\nsecret AAPL"})
    void saysWhichLineIsWrongAndNoToken(String text, @TempDir Path folder) {
        assertThatThrownBy(() -> read(folder, text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFileWithoutTokensIsAMistake(@TempDir Path folder) {
        assertThatThrownBy(() -> read(folder, "# nothing\n")).hasMessageContaining("no token");
    }

    @Test
    void warnsIfEverybodyCanReadIt(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("tokens"), "secret");
        Assumptions.assumeTrue(
                Files.getFileStore(file).supportsFileAttributeView("posix"), "skipped: no such permissions here");
        try (LogLines lines = LogLines.of(Secrets.class, Level.WARNING)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            assertThat(TokenFile.read(file)).hasSize(1);
            assertThat(lines.all()).isEmpty();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(TokenFile.read(file)).hasSize(1);
            assertThat(lines.at(Level.WARNING)).singleElement().asString().contains("rw-r--r--", "chmod o=");
        }
    }
}
