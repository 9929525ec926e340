package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-2

    @Test
    void bytesTextAndFileHashAlike(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "abc");

        assertThat(Payload.of("abc".getBytes(UTF_8)).hash()).isEqualTo(ABC);
        assertThat(Payload.of("abc").hash()).isEqualTo(ABC);
        assertThat(Payload.of(file).hash()).isEqualTo(ABC);
    }

    @Test
    void largeFileIsReadWhole(@TempDir Path dir) throws IOException {
        byte[] bytes = new byte[200_001];
        bytes[200_000] = 1;
        Path file = Files.write(dir.resolve("file"), bytes);

        assertThat(Payload.of(file).hash()).isEqualTo(Payload.of(bytes).hash());
    }

    @Test
    void missingFileIsRefusedAtOnce(@TempDir Path dir) {
        assertThatThrownBy(() -> Payload.of(dir.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void emptyBodyHasTheHashOfNothing() {
        assertThat(Payload.empty().hash()).isEqualTo(Payload.of("").hash());
    }

    @Test
    void hashIsTakenInAnyCase() {
        assertThat(Payload.ofSha256(ABC.toUpperCase(Locale.ROOT)).hash()).isEqualTo(ABC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "UNSIGNED-PAYLOAD",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ax",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a"
            })
    void whatIsNoHashIsRefused(String hex) {
        assertThatThrownBy(() -> Payload.ofSha256(hex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits");
    }
}
