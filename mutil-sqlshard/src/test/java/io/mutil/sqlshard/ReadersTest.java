package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @Test
    @EnabledOnOs(OS.LINUX)
    @Timeout(60)
    void leavesNothingOpenWhenAConnectionCannotBeUsed(@TempDir Path dir) throws Exception {
        byte[] noDatabase = "x".repeat(8192).getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(dir.resolve("damaged.db"), noDatabase);
        try (var readers = new Readers(file, new Sql(3), 2)) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> readers.read(ReadConnection::sql)).isInstanceOf(ShardFileException.class);
            }
        }

        assertThat(descriptors(file)).isZero();
    }

    private static long descriptors(Path file) throws IOException {
        Path real = file.toRealPath();
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(each -> leadsTo(real, each)).count();
        }
    }

    private static boolean leadsTo(Path file, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException e) {
            // closed since it was listed
            return false;
        }
    }
}
