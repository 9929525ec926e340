package io.mutil.examples;

import java.io.File;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the programs need, as a path of classes or of modules: that of the tests without tests and their libraries. */
final class ProgramPath {
    private ProgramPath() {}

    static String get() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(path -> path.contains("netty-")
                        || path.contains("jackson-")
                        || path.contains("caffeine")
                        || path.contains("picocli")
                        || path.contains("jline-")
                        || path.contains("sqlite-jdbc")
                        || path.contains("tablesaw-core")
                        || (path.contains("mutil-") && !path.contains("test-classes") && !path.contains("testkit")))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
