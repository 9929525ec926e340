package io.mutil.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the disk tier begin with: a directory, and a tier in it. */
abstract class DiskTest {
    Path dir;
    DiskFixture fixture;

    @BeforeEach
    void open(@TempDir Path dir) {
        this.dir = dir;
        fixture = new DiskFixture(dir);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    void reopen() {
        fixture.close();
        fixture = new DiskFixture(new FaultyFolder(dir), 1 << 20, 1000, fixture.millis);
    }

    List<String> files() throws IOException {
        return files(dir);
    }

    static List<String> files(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    long size(String file) {
        try {
            return Files.size(dir.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
