package io.mutil.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the module wants from the JDK, in a program of few modules or an image that jlink makes. */
class ModulesTest {
    private static Path whereIs(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void theModuleBringsWhatItNeeds() throws Exception {
        var modules = ModuleFinder.compose(
                ModuleFinder.ofSystem(), ModuleFinder.of(whereIs(Dispatch.class), whereIs(CommandLine.class)));

        var resolved = Configuration.empty().resolve(modules, ModuleFinder.of(), Set.of("io.mutil.dispatch"));

        assertThat(resolved.findModule("java.compiler")).isPresent();
    }

    /** A program that runs one line. */
    static final class Program {
        private Program() {}

        public static void main(String... line) throws Exception {
            Arg<String> word = Arg.of("word");
            Dispatch<String> commands = Dispatch.<String>builder()
                    .add("say", call -> call.state() + call.get(word), word)
                    .build();
            System.out.print(commands.run(line[0], "It says "));
        }
    }

    @Test
    void onTheClassPathTheBaseModuleWillDo() throws Exception {
        String classes = Stream.of(whereIs(Dispatch.class), whereIs(CommandLine.class), whereIs(Program.class))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        String java = ProcessHandle.current().info().command().orElseThrow();
        String[] command = {java, "--limit-modules", "java.base", "-cp", classes, Program.class.getName(), "sa hello"};

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(process.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("It says hello");
        assertThat(process.waitFor()).isZero();
    }
}
