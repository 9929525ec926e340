package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class SharedClassesTest {
    private static final JsonCodec<Integer> NUMBERS = JsonCodec.of(Integer.class);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static Dataflow flow(int children, Collected<Integer> sink, String... jvmArguments) {
        return Dataflow.named("shared")
                .from(Flows.numbers(100))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                        .howMany(children)
                        .isolation(Processes.of(NUMBERS, NUMBERS)
                                .heap("32m")
                                .startTimeout(Duration.ofSeconds(100))
                                .jvmArguments(jvmArguments)))
                .to(Egress.<Integer>into(sink))
                .build();
    }

    /** A program with one processor, whose class path has jars only. */
    static final class Parent {
        private Parent() {}

        /** Runs four children that write down the classes that they load. */
        public static void main(String... args) throws Exception {
            Collected<Integer> sink = Flows.collect();
            Flows.run(flow(4, sink, "-Xlog:class+load:file=" + args[0]));
            System.out.println(sink.items.size());
        }
    }

    @Test
    void childrenShareClassesAndNothingStaysBehind(@TempDir Path folder) throws Exception {
        Path loads = Files.createDirectory(folder.resolve("loads"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process parent = new ProcessBuilder(
                        JAVA,
                        "-XX:ActiveProcessorCount=1",
                        "-Xmx64m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        inJars(folder),
                        Parent.class.getName(),
                        loads.resolve("%p.txt").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(new String(parent.getInputStream().readAllBytes(), UTF_8).strip())
                .isEqualTo("100");
        assertThat(parent.waitFor()).isZero();
        List<String> children = contents(loads);
        assertThat(children).hasSize(5);
        assertThat(children.stream().filter(SharedClassesTest::isShared)).hasSize(4);
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(path -> path.toString().contains("mutil"))).isEmpty();
        }
    }

    private static boolean isShared(String loads) {
        return loads.contains(WorkerProcess.class.getName() + " source: shared objects file (top)");
    }

    private static List<String> contents(Path files) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> paths = Files.list(files)) {
            for (Path path : paths.toList()) {
                contents.add(Files.readString(path));
            }
        }
        return contents;
    }

    /** Our class path, with a jar in the folder for each directory. */
    private static String inJars(Path folder) {
        List<String> parts = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(part);
            parts.add(Files.isDirectory(path) ? jar(path, folder.resolve(parts.size() + ".jar")) : part);
        }
        return String.join(File.pathSeparator, parts);
    }

    private static String jar(Path classes, Path jar) {
        var said = new PrintWriter(new StringWriter());
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(said, said, "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        assertThat(status).isZero();
        return jar.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBrokenOrStaleFileIsIgnored(boolean stale, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("classes.jsa");
        if (stale) {
            writeForOtherClasses(file);
        } else {
            Files.writeString(file, "none of this is an archive".repeat(1000));
        }
        Collected<Integer> sink = Flows.collect();

        Flows.run(flow(1, sink, "-XX:SharedArchiveFile=" + file));

        assertThat(sink.items).hasSize(100);
    }

    private static void writeForOtherClasses(Path file) throws Exception {
        Path classes = Path.of(
                Parent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String others = jar(classes, file.resolveSibling("others.jar"));
        var unused = new ProcessBuilder(
                        JAVA, "-Xlog:disable", "-XX:ArchiveClassesAtExit=" + file, "-cp", others, Idle.class.getName())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(file).isNotEmptyFile();
    }

    /** A program that does nothing. */
    static final class Idle {
        private Idle() {}

        /** Returns. */
        public static void main(String... args) {}
    }

    @Test
    void onlyClassesInJarsAreShared() {
        assertThat(SharedClasses.hasJarsOnly("")).isTrue();
        assertThat(SharedClasses.hasJarsOnly("a.jar" + File.pathSeparator + "b.jar"))
                .isTrue();
        assertThat(SharedClasses.hasJarsOnly("a.jar" + File.pathSeparator)).isFalse();
        assertThat(SharedClasses.hasJarsOnly("a.jar" + File.pathSeparator + "."))
                .isFalse();
    }

    @Test
    void classesInDirectoriesAreNotShared() {
        var shared = new SharedClasses(Processes.of(NUMBERS, NUMBERS));

        assertThatCode(() -> shared.prepare(new byte[0])).doesNotThrowAnyException();

        assertThat(shared.command()).noneMatch(argument -> argument.startsWith("-XX:SharedArchiveFile"));
    }
}
