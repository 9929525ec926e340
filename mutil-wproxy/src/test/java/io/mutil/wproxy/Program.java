package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a JVM of its own. */
final class Program implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on (\\S+), (.+)");
    private static final int WARNS_OF_NATIVE_CODE = 24;
    private static final String END = "(end of output)";

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final CompletableFuture<List<String>> errors;

    private Program(List<String> launch, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(launch);
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("WPROXY_TEST_SECRET", "from the environment");
        process = builder.start();
        BufferedReader lines = process.inputReader(UTF_8);
        var unused = CompletableFuture.runAsync(() -> {
            lines.lines().forEach(out::add);
            out.add(END);
        });
        BufferedReader errorLines = process.errorReader(UTF_8);
        errors = CompletableFuture.supplyAsync(() -> errorLines.lines().toList());
    }

    static Program start(String... arguments) throws IOException {
        List<String> launch = new ArrayList<>();
        if (Runtime.version().feature() >= WARNS_OF_NATIVE_CODE) {
            launch.add("--enable-native-access=ALL-UNNAMED");
        }
        launch.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.mutil.wproxy.Main"));
        return new Program(launch, arguments);
    }

    static Program ofJar(Path jar, String... arguments) throws IOException {
        return new Program(List.of("-jar", jar.toString()), arguments);
    }

    /** The next line that it says. */
    String line() throws InterruptedException {
        String line = out.poll(30, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError("no line, but " + (line == null ? "silence" : errors.join()));
        }
        return line;
    }

    /** Where it says that it listens. */
    URI awaitListening() throws InterruptedException {
        String line = line();
        Matcher listening = LISTENING.matcher(line);
        if (!listening.matches()) {
            throw new AssertionError(line);
        }
        return URI.create(listening.group(1));
    }

    void terminate() {
        // not that of the process, which closes what it says as well
        process.toHandle().destroy();
    }

    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("still running");
        }
        return process.exitValue();
    }

    /** What it said to the error stream, until its end. */
    List<String> errors() {
        return errors.orTimeout(30, TimeUnit.SECONDS).join();
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }
}
