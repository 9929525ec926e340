package io.mutil.examples;

import java.io.File;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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
                ? List.of(java, "-cp", classPath(main.getClassLoader()), main.getName())
                : List.of(java, "-p", modulePath, "-m", "io.mutil.examples/" + main.getName());
        return Stream.concat(program.stream(), Stream.of(arguments)).toList();
    }

    private static String classPath(ClassLoader loader) {
        // a program that Maven runs has a loader of its own, and the class path of the JVM is Maven's
        return loader instanceof URLClassLoader own
                ? Stream.of(own.getURLs())
                        .map(url -> Path.of(URI.create(url.toString())).toString())
                        .collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }
}
