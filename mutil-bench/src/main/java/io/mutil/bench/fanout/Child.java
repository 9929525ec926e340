package io.mutil.bench.fanout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of the driver's, which does not outlive it. Its errors go where the driver's go. */
final class Child implements AutoCloseable {
    private static final int SECONDS_TO_END = 10;
    private static final String RESIDENT = "VmRSS:";

    private final Process process;
    private final BufferedReader lines;
    private final Thread atExit;

    Child(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        atExit = new Thread(process::destroy, "ends a contestant");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** @throws IOException if the process has ended */
    String readLine() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("a contestant has ended; what it printed above says why");
        }
        return line;
    }

    String ask(String question) throws IOException {
        process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return readLine();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of it and of the processes that it has started; empty where there is no {@code /proc}. */
    OptionalLong residentBytes() {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToLong(handle -> residentBytes(handle.pid()))
                .sum());
    }

    private static long residentBytes(long pid) {
        try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return status.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends its input, which most take for the end; the others get a signal. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            System.err.println("a contestant cannot be told to end: " + e.getMessage());
        }
        try {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                return;
            }
            process.destroy();
            if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }
}
