package io.mutil.pipe;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What tests run in JVMs of their own. */
final class Child {
    private Child() {}

    /** The command that runs {@link #main}. */
    static List<String> command(boolean withNativeLibrary, String... arguments) {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(path -> withNativeLibrary || !path.contains("native-epoll"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp", classPath));
        command.add(Child.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "descriptors" ->
                echo(Pipe.builder().over(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2])));
            case "streams" -> echo(Pipe.builder().over(System.in, System.out));
            case "parent" -> parent();
            case "stuck" -> stuck();
            case "stream" -> OpenPipeTest.stream(Long.parseLong(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void echo(Pipe pipe) throws IOException, InterruptedException {
        try (pipe) {
            System.err.println("echoing, epoll " + (Epoll.LOOPS != null));
            for (ByteBuffer frame = pipe.read(); frame != null; frame = pipe.read()) {
                pipe.write(frame);
            }
        }
        System.err.println("echoed");
    }

    /** Has a child itself, tells its number, and stays until it is killed. */
    private static void parent() throws IOException, InterruptedException {
        var child = ChildProcess.start(new ProcessBuilder(command(true, "descriptors", "0", "1")));
        child.pipe().write(ByteBuffer.allocate(1));
        child.pipe().read();
        System.out.println(child.process().pid());
        new CountDownLatch(1).await();
    }

    /** Closes a pipe while a thread waits for standard input. */
    private static void stuck() throws IOException {
        Pipe pipe = Pipe.builder().reading(System.in);
        var frame = pipe.readAsync();
        pipe.close();
        System.out.println("closed " + frame.isCompletedExceptionally());
    }
}
