package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    @Test
    void leavesNothing(@TempDir Path parent) throws IOException {
        try (Scratch scratch = Scratch.in(parent)) {
            Files.createDirectories(scratch.path().resolve("a/b"));
            Files.writeString(scratch.path().resolve("a/b/file"), "x");
        }

        assertThat(parent).isEmptyDirectory();
    }
}
