package io.mutil.pipe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stays open when there is no pipe in the end. */
@Timeout(60)
class EndsTest {
    private static final Path NUMBERS = Path.of("/proc/self/fd");

    private final Settings settings = Pipe.builder().settings();

    @BeforeAll
    static void needsProc() {
        assumeTrue(Files.isDirectory(NUMBERS), "skipped where open numbers cannot be listed");
    }

    /** The open numbers of this process, and what each stands for. */
    private static Map<Integer, String> open() throws IOException {
        var found = new TreeMap<Integer, String>();
        try (Stream<Path> numbers = Files.list(NUMBERS)) {
            for (Path number : numbers.toList()) {
                try {
                    String target = Files.readSymbolicLink(number).toString();
                    found.put(Integer.valueOf(number.getFileName().toString()), target);
                } catch (NoSuchFileException e) {
                    // it was that of the listing
                }
            }
        }
        return found;
    }

    @Test
    void aNewPipeIsNotMadeWithoutLoops() throws IOException {
        var before = open().values();
        var none = new Loops(() -> {
            throw new IllegalStateException("too many open files");
        });

        assertThatThrownBy(() -> Ends.ofNewPipe(settings, none)).hasMessage("too many open files");

        assertThat(open().values())
                .filteredOn(target -> target.startsWith("pipe:"))
                .isSubsetOf(before);
    }

    @Test
    void descriptorsStayAsTheyWereIfOneCannotBeOpened(@TempDir Path directory) throws IOException {
        assumeTrue(Epoll.LOOPS != null, "skipped without a way to make descriptors");
        Path path = Files.createFile(directory.resolve("file")).toRealPath();
        FileDescriptor file = FileDescriptor.from(path.toFile());
        Descriptor in = new Descriptor(file.intValue(), true, 0, 0, 0);
        Descriptor out = new Descriptor(98_765, false, 0, 0, 0);

        assertThatThrownBy(() -> Ends.ofDescriptors(in, out, settings, requireNonNull(Epoll.LOOPS)))
                .isInstanceOf(NoSuchFileException.class);

        var numbers = open();
        numbers.values().removeIf(target -> !target.equals(path.toString()));
        assertThat(numbers).containsOnlyKeys(file.intValue());
        file.close();
    }
}
