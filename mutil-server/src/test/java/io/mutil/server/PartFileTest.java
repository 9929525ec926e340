package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private Path target;

    @BeforeEach
    void name() {
        target = dir.resolve("target");
    }

    private PartFile begin(long offset) throws IOException {
        return PartFile.begin(new PathDirectory(dir), "target", offset, null);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void appearsAtOnceWhenComplete() throws Exception {
        try (PartFile file = begin(0)) {
            file.write(UTF_8.encode("hello "));
            file.write(UTF_8.encode("world"));

            assertThat(target).doesNotExist();
            file.complete();
            assertThat(target).hasContent("hello world");
            assertThat(file.size()).isEqualTo(11);
        }
        assertThat(names()).containsExactly("target");
    }

    @Test
    void emptyFileIsAFile() throws Exception {
        try (PartFile file = begin(0)) {
            file.complete();
        }

        assertThat(target).isRegularFile().isEmptyFile();
    }

    @Test
    void leavesNothingWhenClosedEarlyAndKeepsTheOldFile() throws Exception {
        Files.writeString(target, "old");

        try (PartFile file = begin(0)) {
            file.write(UTF_8.encode("new"));
            assertThat(names()).hasSize(2);
        }

        assertThat(names()).containsExactly("target");
        assertThat(target).hasContent("old");
    }

    @Test
    void closingTwiceIsFine() throws Exception {
        PartFile file = begin(0);
        file.close();
        file.close();

        assertThat(names()).isEmpty();
    }

    @Test
    void replacesWhatIsThere() throws Exception {
        Files.writeString(target, "a longer old file");

        try (PartFile file = begin(0)) {
            file.write(UTF_8.encode("new"));
            file.complete();
        }

        assertThat(target).hasContent("new");
    }

    @Test
    void keepsTheFirstBytesOfAResumedFileAndDigestsThemToo() throws Exception {
        String old = "0123456789".repeat(60_000);
        Files.writeString(target, old);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");

        try (PartFile file = PartFile.begin(new PathDirectory(dir), "target", 600_000, digest)) {
            file.write(UTF_8.encode("new"));
            assertThat(target).hasContent(old);
            file.fill();
            file.complete();

            assertThat(file.size()).isEqualTo(600_003);
            assertThat(file.digest())
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest((old + "new").getBytes(UTF_8)));
        }
        assertThat(target).hasContent(old + "new");
    }

    @Test
    void saysWhenTheKeptBytesAreGone() throws Exception {
        Files.writeString(target, "old");

        try (PartFile file = begin(3)) {
            Files.writeString(target, "");
            assertThatThrownBy(file::fill).hasMessageContaining("shrank from 3 to 0 bytes");
        }
        assertThat(target).isEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 4, 5_000_000_000L})
    void refusesToResumeAtAnotherLength(long offset) throws Exception {
        Files.writeString(target, "old");

        assertThatThrownBy(() -> begin(offset))
                .isInstanceOf(FileRefusal.class)
                .hasMessageContaining("resumed at byte " + offset + ", but the target has 3");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void refusesToResumeWhatIsNotThere() throws Exception {
        assertThatThrownBy(() -> begin(3)).hasMessageContaining("does not exist");
        assertThat(names()).isEmpty();
    }

    @Test
    void refusesADirectoryAsTarget() throws Exception {
        Files.createDirectory(target);

        assertThatThrownBy(() -> begin(0)).hasMessageContaining("is a directory");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void makesParentDirectories() throws Exception {
        Path deep = dir.resolve("a/b/c");
        try (PartFile file = PartFile.begin(PathDirectory.made(deep), "target", 0, null)) {
            file.complete();
        }

        assertThat(deep.resolve("target")).isRegularFile();
    }

    @Test
    void saysWhenAParentIsAFile() throws Exception {
        Files.writeString(target, "x");

        assertThatThrownBy(() -> PathDirectory.made(target.resolve("sub"))).isInstanceOf(IOException.class);
    }

    @Test
    void leavesNothingOnAFullDisk() throws Exception {
        Files.writeString(target, "old");
        var disk = new FullDisk(new PathDirectory(dir), 2500, false);

        try (PartFile file = PartFile.begin(disk, "target", 0, null)) {
            assertThatThrownBy(() -> file.write(UTF_8.encode("x".repeat(3000)))).hasMessage(FullDisk.MESSAGE);
        }

        assertThat(names()).containsExactly("target");
        assertThat(target).hasContent("old");
    }

    @Test
    void isCompleteAlthoughTheDirectoryCannotBeBroughtToTheDisk() throws Exception {
        var directory = new ForwardingDirectory(new PathDirectory(dir)) {
            @Override
            public void sync() throws IOException {
                throw new IOException("Invalid argument");
            }
        };

        try (PartFile file = PartFile.begin(directory, "target", 0, null)) {
            file.write(UTF_8.encode("x"));
            file.complete();
        }

        assertThat(target).hasContent("x");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void leavesNothingWhenTheDiskFailsAtTheEnd() throws Exception {
        var disk = new FullDisk(new PathDirectory(dir), 2500, true);

        try (PartFile file = PartFile.begin(disk, "target", 0, null)) {
            file.write(UTF_8.encode("x".repeat(2500)));
            assertThatThrownBy(file::complete).hasMessage(FullDisk.MESSAGE);
        }

        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingWhenTheKeptBytesDoNotFit() throws Exception {
        Files.writeString(target, "x".repeat(3000));
        var disk = new FullDisk(new PathDirectory(dir), 2500, false);

        try (PartFile file = PartFile.begin(disk, "target", 3000, null)) {
            assertThatThrownBy(file::fill).hasMessage(FullDisk.MESSAGE);
        }
        assertThat(names()).containsExactly("target");
    }
}
