package io.mutil.examples;

import java.io.File;
import java.util.List;
import java.util.stream.Stream;

/** The command line of another JVM like this one. */
final class SameJvm {
    private SameJvm() {}

    /** @param main its program */
    static List<String> command(Class<?> main, String... arguments) {
        String java = ProcessHandle.current()
                .info()
                .command()
                .orElse(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        String modulePath = System.getProperty("jdk.module.path");
        List<String> program = modulePath == null
                ? List.of(java, "-cp", System.getProperty("java.class.path"), main.getName())
                : List.of(java, "-p", modulePath, "-m", "io.mutil.examples/" + main.getName());
        return Stream.concat(program.stream(), Stream.of(arguments)).toList();
    }
}
