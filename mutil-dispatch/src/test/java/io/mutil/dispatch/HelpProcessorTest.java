package io.mutil.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Compiles real sources with the processor, and asks for the help of the classes. */
class HelpProcessorTest {
    private final Path folder;

    HelpProcessorTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static JavaCompiler compiler() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assumeTrue(compiler != null, "skipped: this JVM brings no compiler");
        return requireNonNull(compiler);
    }

    private static Path whereIs(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Where the module's own classes and resources are. */
    private static Path own() throws Exception {
        return whereIs(Docs.class);
    }

    private Path source(String name, String code) throws IOException {
        Path file = folder.resolve("src").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, code);
    }

    private Path compile(List<String> options, Path... sources) throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        List<String> all = new ArrayList<>(List.of("-Xlint:all,-processing", "-Werror", "-d", out.toString()));
        all.addAll(options);
        JavaCompiler compiler = compiler();
        var complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            boolean compiled = compiler.getTask(complaints, files, null, all, null, files.getJavaFileObjects(sources))
                    .call();
            assertThat(compiled).as(complaints.toString()).isTrue();
        }
        return out;
    }

    private Path compileOnClassPath(String name, String code) throws Exception {
        String classes = Stream.of(own(), whereIs(CommandLine.class))
                .map(Path::toString)
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
        return compile(List.of("-cp", classes, "-processorpath", own().toString()), source(name, code));
    }

    private @Nullable String helpOf(Path classes, String name) throws Exception {
        try (var loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            return Docs.of(loader.loadClass(name));
        }
    }

    @Test
    void keepsTheCommentOfAnAnnotatedClass() throws Exception {
        Path out = compileOnClassPath("p/Sell.java", """
                package p;
                import picocli.CommandLine.Command;
                /**
                 * Sells {@code shares} — all &amp; some. Then it
                 * tells the price.
                 *
                 * <p>Größe matters.
                 * @see Object
                 */
                @Command(name = "sell")
                final class Sell implements Runnable {
                    public void run() {}
                }
                """);

        assertThat(helpOf(out, "p.Sell")).isEqualTo("""
                Sells shares — all & some.
                Then it tells the price.

                Größe matters.""");
    }

    @Test
    void keepsTheCommentsOfOperationsWhereverTheyAre() throws Exception {
        Path out = compileOnClassPath("p/All.java", """
                package p;
                import io.mutil.dispatch.*;
                /** Not an operation. */
                class All {
                    /** Inner. */
                    static class Inner implements Operation<String> {
                        public Object run(Call<String> call) { return call; }
                        /** Innermost, generic. */
                        static final class Innermost<T> extends Inner {}
                    }
                    /** An interface is nothing to run. */
                    interface Mine extends Operation<String> {}
                    /** By way of an interface. */
                    private static final class Far implements Mine {
                        public Object run(Call<String> call) { return call; }
                    }
                    /** A record. */
                    record Remembered(int x) implements Mine {
                        public Object run(Call<String> call) { return x; }
                    }
                    static class Silent implements Mine {
                        public Object run(Call<String> call) { return call; }
                    }
                    /** @hidden */
                    static class OnlyTags extends Silent {}
                }
                """);

        assertThat(helpOf(out, "p.All$Inner")).isEqualTo("Inner.");
        assertThat(helpOf(out, "p.All$Inner$Innermost")).isEqualTo("Innermost, generic.");
        assertThat(helpOf(out, "p.All$Far")).isEqualTo("By way of an interface.");
        assertThat(helpOf(out, "p.All$Remembered")).isEqualTo("A record.");
        try (Stream<Path> kept = Files.list(out.resolve("META-INF/mutil/help"))) {
            assertThat(kept.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "p.All$Inner.txt", "p.All$Inner$Innermost.txt", "p.All$Far.txt", "p.All$Remembered.txt");
        }
        assertThat(helpOf(out, "p.All$Silent")).isNull();
    }

    @Test
    void aClassWithoutAPackageHasHelpToo() throws Exception {
        Path out = compileOnClassPath("Bare.java", "/** Bare. */ @picocli.CommandLine.Command class Bare {}");

        assertThat(helpOf(out, "Bare")).isEqualTo("Bare.");
    }

    @Test
    void keepsMarkdownWhereTheCompilerKnowsIt() throws Exception {
        assumeTrue(Runtime.version().feature() >= 23, "skipped: comments in Markdown are of JDK 23 and later");

        Path out = compileOnClassPath("p/Mark.java", """
                package p;
                /// Buys [java.util.List]
                /// of things. All:
                ///
                /// - `this`
                /// - that
                @picocli.CommandLine.Command
                class Mark {}
                """);

        assertThat(helpOf(out, "p.Mark")).isEqualTo("Buys List of things.\nAll:\n\n- `this`\n- that");
    }

    @Test
    void aNamedModuleNeedsToOpenNothing() throws Exception {
        Path picocli = whereIs(CommandLine.class);
        String modules = own() + File.pathSeparator + picocli;
        Path out = compile(
                List.of(
                        "--module-path",
                        modules,
                        "--processor-module-path",
                        modules,
                        "-processor",
                        HelpProcessor.class.getName()),
                source(
                        "module-info.java",
                        "module m { requires io.mutil.dispatch; requires info.picocli; exports p; }"),
                source(
                        "p/Sell.java",
                        "package p; /** Sells. */ @picocli.CommandLine.Command public final class Sell { private Sell() {} }"));

        var parent = ModuleLayer.boot();
        var found = ModuleFinder.of(out, own(), picocli);
        var layer = parent.defineModulesWithOneLoader(
                parent.configuration().resolve(found, ModuleFinder.of(), Set.of("m")),
                ClassLoader.getPlatformClassLoader());
        Class<?> sell = layer.findLoader("m").loadClass("p.Sell");

        assertThat(sell.getModule().isNamed()).isTrue();
        assertThat(Docs.of(sell)).isEqualTo("Sells.");
    }

    @Test
    void aCommentThatIsGoneLeavesNoHelp() throws Exception {
        String code = "@picocli.CommandLine.Command class Bare {}";
        compileOnClassPath("Bare.java", "/** Old. */ " + code);

        Path out = compileOnClassPath("Bare.java", code);

        assertThat(helpOf(out, "Bare")).isNull();
    }

    @Test
    void saysWhenItCannotWrite() throws Exception {
        Path out = Files.createDirectories(folder.resolve("out/META-INF"));
        Files.writeString(out.resolve("mutil"), "a file where a folder has to be");
        Path source = source("Bare.java", "/** Bare. */ @picocli.CommandLine.Command class Bare {}");
        String[] options = {
            "-cp",
            whereIs(CommandLine.class).toString(),
            "-processorpath",
            own().toString(),
            "-d",
            folder.resolve("out").toString()
        };
        JavaCompiler compiler = compiler();
        var complaints = new StringWriter();

        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            boolean compiled = compiler.getTask(
                            complaints, files, null, Arrays.asList(options), null, files.getJavaFileObjects(source))
                    .call();

            assertThat(compiled).isFalse();
        }
        assertThat(complaints.toString()).contains("cannot write the help text of Bare: ");
    }

    @Test
    void classesWithoutHelpHaveNone() {
        assertThat(Docs.of(String.class)).isNull();
        assertThat(Docs.of(int[].class)).isNull();
        assertThat(Docs.of(HelpProcessorTest.class)).isNull();
    }

    @Test
    void incrementalBuildsKnowThatEachClassStandsForItself() throws IOException {
        assertThat(getClass().getResourceAsStream("/META-INF/gradle/incremental.annotation.processors"))
                .hasBinaryContent((HelpProcessor.class.getName() + ",isolating\n").getBytes(UTF_8));
    }
}
