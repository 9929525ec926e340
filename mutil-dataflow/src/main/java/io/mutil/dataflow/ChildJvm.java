package io.mutil.dataflow;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line of a JVM like this one. */
final class ChildJvm {
    /** What must not be there twice, or is nothing for a child. */
    private static final List<String> NOT_INHERITED = List.of(
            "-agentlib:",
            "-agentpath:",
            "-javaagent:",
            "-Xrunjdwp",
            "-Dcom.sun.management.",
            "-XX:StartFlightRecording",
            "-XX:FlightRecorderOptions",
            "-XX:ArchiveClassesAtExit",
            "-XX:+AutoCreateSharedArchive",
            "-XX:AOTCacheOutput",
            "-XX:AOTConfiguration",
            "-XX:AOTMode",
            "-Xlog:",
            "-Xloggc:");

    /**
     * What every child has unless it is told otherwise: its standard output is for frames, so what its JVM has to say, as
     * warnings and thread dumps, goes to the other one. The events of Netty's allocators are for recordings that nobody makes
     * of a child, and cost a tenth of its start.
     */
    private static final List<String> OWN = List.of(
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-XX:+DisplayVMOutputToStderr",
            "-Dio.netty.jfr.enabled=false");

    private ChildJvm() {}

    /** @param main runs there, with no arguments */
    static List<String> command(Class<?> main, @Nullable String heap, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OWN);
        command.addAll(inherited(ManagementFactory.getRuntimeMXBean().getInputArguments(), heap != null));
        if (heap != null) {
            command.add("-Xmx" + heap);
        }
        command.addAll(more);
        addClasses(command, main);
        return command;
    }

    static List<String> inherited(List<String> arguments, boolean otherHeap) {
        return arguments.stream()
                .filter(argument -> NOT_INHERITED.stream().noneMatch(argument::startsWith))
                .filter(argument -> !otherHeap || !isHeap(argument))
                .toList();
    }

    private static boolean isHeap(String argument) {
        return argument.startsWith("-Xmx")
                || argument.startsWith("-Xms")
                || argument.startsWith("-XX:MaxHeapSize")
                || argument.startsWith("-XX:InitialHeapSize")
                || argument.equals("-XX:+AlwaysPreTouch");
    }

    private static void addClasses(List<String> command, Class<?> main) {
        String classPath = System.getProperty("java.class.path", "");
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", absolute(classPath)));
        }
        String modulePath = System.getProperty("jdk.module.path");
        String application = System.getProperty("jdk.module.main");
        if (modulePath == null || !main.getModule().isNamed()) {
            command.add(main.getName());
            return;
        }
        command.addAll(List.of("-p", absolute(modulePath)));
        if (application != null) {
            command.addAll(List.of("--add-modules", application));
        }
        command.addAll(List.of("-m", main.getModule().getName() + "/" + main.getName()));
    }

    private static String absolute(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split(File.pathSeparator, -1)) {
            parts.add(Path.of(part).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, parts);
    }
}
