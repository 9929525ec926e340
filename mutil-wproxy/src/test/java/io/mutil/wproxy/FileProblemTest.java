package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileProblemTest {
    private static final Path FILE = Path.of("no-such-folder", "a.txt");

    static Stream<Arguments> problems() {
        String name = FILE.toString();
        return Stream.of(
                arguments(new NoSuchFileException(name), "there is no such file; check its name"),
                arguments(new AccessDeniedException(name), "no right to read it; let the user of this program read it"),
                arguments(
                        new FileSystemException(name, null, "Not a directory"),
                        "what stands before its name is no directory; check that it is a file that can be read"),
                arguments(
                        new IOException("Input/output error"),
                        "Input/output error; check that it is a file that can be read"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void saysWhichFileCannotBeReadWhyAndWhatToDo(IOException cause, String said) {
        assertThat(FileProblem.reading(FILE, cause))
                .hasMessage(FILE + ": " + said)
                .hasCause(cause);
    }

    @Test
    void saysWhichFileCannotBeMadeWhyAndWhatToDo() {
        assertThat(FileProblem.making(FILE, new NoSuchFileException("x")))
                .hasMessage(FILE + ": its directory does not exist; make it first");
        assertThat(FileProblem.making(FILE, new AccessDeniedException("x")))
                .hasMessage(FILE + ": no right to make it; choose a directory that this program may write to");
        assertThat(FileProblem.making(FILE, new FileSystemException("x", null, "Read-only file system")))
                .hasMessage(FILE + ": Read-only file system; choose a directory that can be written to");
    }

    @Test
    void directoriesAreNoFilesToRead(@TempDir Path folder) {
        String said = folder + ": is a directory; name a file";
        assertSays(said, () -> TokenFile.read(folder));
        assertSays(said, () -> Secrets.resolve("@" + folder));
        assertSays(said, () -> RecordingReader.open(folder).close());
    }

    @Test
    void nothingIsNoNameOfAFile() {
        assertSays("'': is a directory; name a file", () -> Secrets.resolve("@"));
    }

    @Test
    void otherTextThanUtf8IsSaidToBeThat(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("key"), "cl\u00e9".getBytes(ISO_8859_1));

        assertSays(file + ": is no text in UTF-8; save it as such", () -> Secrets.resolve("@" + file));
    }

    @Test
    void aRecordingCannotBeginBelowAFile(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file")).resolve("feed.rec");

        assertThatThrownBy(() -> RecordingFile.create(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ");
    }

    private static void assertSays(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IOException.class).hasMessage(message);
    }
}
