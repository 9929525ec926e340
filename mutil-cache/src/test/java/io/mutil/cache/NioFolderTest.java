package io.mutil.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioFolderTest {
    private final Path dir;

    NioFolderTest(@TempDir Path dir) {
        this.dir = dir;
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    @Test
    void aFileThatCannotBeLookedAtIsNotTakenForOneThatIsNotThere() throws IOException {
        assumeTrue(isPosix(), "skipped: links need rights elsewhere");
        Files.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));
        Files.createDirectory(dir.resolve("directory"));
        var folder = new NioFolder(dir);

        assertThatThrownBy(() -> folder.openToRead("none")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> folder.openToRead("loop"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> folder.openToRead("directory"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class);
    }

    @Test
    void newDirectoriesAreThoseOfTheirOwnerAlone() throws IOException {
        Path inner = dir.resolve("one").resolve("two").resolve("three");

        new NioFolder(inner).create();
        new NioFolder(inner).create();

        assertThat(inner).isEmptyDirectory();
        if (isPosix()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aDirectoryIsMadeInOneThatCanBeWrittenToAndNotRead() throws IOException {
        assumeTrue(isPosix(), "skipped: no such rights");
        Path parent = Files.createDirectory(dir.resolve("parent"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("-wx------"));
        assumeFalse(Files.isReadable(parent), "skipped: this user may read everything");

        new NioFolder(parent.resolve("inner")).create();

        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx------"));
        assertThat(parent.resolve("inner")).isEmptyDirectory();
    }
}
