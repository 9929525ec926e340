package io.mutil.pipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs descriptors and a shell")
class InheritedDescriptorTest {
    /** A JVM that echoes from descriptor 7 to descriptor 8, which a shell has opened as told. */
    private static Process echo(String redirections, boolean withNativeLibrary) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec " + redirections + "; exec \"$@\"", "sh"));
        command.addAll(Child.command(withNativeLibrary, "descriptors", "7", "8"));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void assertEndsWell(Process process, boolean withNativeLibrary) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(output.lines().filter(line -> line.startsWith("echo")))
                .containsExactly("echoing, epoll " + withNativeLibrary, "echoed");
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void blockingPipesOfAShell(boolean withNativeLibrary, @TempDir Path directory) throws Exception {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        Conduit.Fifos.make(in);
        Conduit.Fifos.make(out);
        Process process = echo("7<'" + in + "' 8>'" + out + "'", withNativeLibrary);

        try (Pipe pipe = Pipe.builder().over(out, in)) {
            var writer = Background.run(() -> {
                for (int i = 0; i < 300; i++) {
                    pipe.write(ByteBuffer.allocate(4 + i * i).putInt(0, i));
                }
                pipe.closeOutput();
            });
            for (int i = 0; i < 300; i++) {
                ByteBuffer frame = pipe.read();
                assertThat(frame).isNotNull();
                assertThat(frame).isEqualTo(ByteBuffer.allocate(4 + i * i).putInt(0, i));
            }
            assertThat(pipe.read()).isNull();
            writer.get();
        }

        assertEndsWell(process, withNativeLibrary);
    }

    /** The shell's pipe has lost its writer before the JVM looks at it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAWriterThatIsGoneHasLeftBehind(boolean withNativeLibrary, @TempDir Path directory) throws Exception {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        Conduit.Fifos.make(in);
        Process process = echo(
                "9<>'" + in + "' 7<'" + in + "' 8>'" + out + "'; printf '\\001\\000\\000\\000x' >&9; exec 9>&-",
                withNativeLibrary);

        assertEndsWell(process, withNativeLibrary);
        assertThat(out).hasBinaryContent(new byte[] {1, 0, 0, 0, 'x'});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesGoOnWhereTheyStand(boolean withNativeLibrary, @TempDir Path directory) throws Exception {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        Files.write(in, new byte[] {'s', 'k', 'i', 'p', 2, 0, 0, 0, 'o', 'k', 0, 0, 0, 0});
        Files.writeString(out, "before");
        Process process = echo(
                "7<'" + in + "' 8<>'" + out + "'; dd bs=4 count=1 <&7 >&8 2>/dev/null; printf '!!' >&8",
                withNativeLibrary);

        assertEndsWell(process, withNativeLibrary);
        assertThat(out).hasBinaryContent(new byte[] {'s', 'k', 'i', 'p', '!', '!', 2, 0, 0, 0, 'o', 'k', 0, 0, 0, 0});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesAreAppendedTo(boolean withNativeLibrary, @TempDir Path directory) throws Exception {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        Files.write(in, new byte[] {1, 0, 0, 0, 'x'});
        Files.writeString(out, "log");
        Process process = echo("7<'" + in + "' 8>>'" + out + "'", withNativeLibrary);

        assertEndsWell(process, withNativeLibrary);
        assertThat(out).hasBinaryContent(new byte[] {'l', 'o', 'g', 1, 0, 0, 0, 'x'});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void devicesAreFiles(boolean withNativeLibrary) throws Exception {
        Process process = echo("7</dev/null 8>/dev/null", withNativeLibrary);

        assertEndsWell(process, withNativeLibrary);
    }

    @Test
    void standardStreamsMayBeAnything(@TempDir Path directory) throws Exception {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        Files.write(in, new byte[] {1, 0, 0, 0, 'x'});

        Process process = new ProcessBuilder(Child.command(true, "descriptors", "0", "1"))
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(Redirect.DISCARD)
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(out).hasBinaryContent(new byte[] {1, 0, 0, 0, 'x'});
    }

    @Test
    void aNumberThatIsNotOpenIsRefusedAtOnce() {
        assertThatThrownBy(() -> Pipe.builder().readFrom(98_765))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("descriptor 98765 is not open")
                .hasMessageContaining("98765<file");
        assertThatThrownBy(() -> Pipe.builder().writeTo(98_765)).hasMessageContaining("98765>file");
        assertThatThrownBy(() -> Pipe.builder().readFrom(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Pipe.builder().over(3, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theWrongDirectionIsRefusedAtOnce() throws IOException {
        assumeTrue(Epoll.LOOPS != null, "skipped without a way to make descriptors");
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")), "skipped where flags are not known");
        FileDescriptor[] pipe = FileDescriptor.pipe();

        assertThatThrownBy(() -> Pipe.builder().readFrom(pipe[1].intValue()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("open for writing only; give it to writeTo");
        assertThatThrownBy(() -> Pipe.builder().writeTo(pipe[0].intValue()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("open for reading only; give it to readFrom");

        pipe[0].close();
        pipe[1].close();
    }

    @Test
    void closingGivesTheNumbersBack() throws IOException {
        assumeTrue(Epoll.LOOPS != null, "skipped without a way to make descriptors");
        FileDescriptor[] pipe = FileDescriptor.pipe();
        Path what = target(pipe[0]);
        assertThat(target(pipe[1])).isEqualTo(what);

        Pipe.builder().over(pipe[0].intValue(), pipe[1].intValue()).close();

        assertThat(target(pipe[0])).isNotEqualTo(what);
        assertThat(target(pipe[1])).isNotEqualTo(what);
    }

    @Test
    void aReaderThatGoesIsNoticedWithoutAWrite() throws Exception {
        assumeTrue(Epoll.LOOPS != null, "skipped without Netty's native epoll");
        FileDescriptor[] pipe = FileDescriptor.pipe();
        Path what = target(pipe[1]);
        try (Pipe out = Pipe.builder().writeTo(pipe[1].intValue())) {
            pipe[0].close();

            Eventually.until("the number is given back", () -> !target(pipe[1]).equals(what));

            assertThatThrownBy(() -> out.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken pipe");
        }
    }

    /** What a number stands for, as long as it is open. */
    private static Path target(FileDescriptor descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor.intValue());
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link;
        }
    }
}
