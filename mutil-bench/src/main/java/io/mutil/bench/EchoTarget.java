package io.mutil.bench;

import io.mutil.dataflow.RunningDataflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running {@link EchoServer}, here or in a child JVM, which ends when this is closed. */
interface EchoTarget extends AutoCloseable {
    /** Where it listens: ingress, odd, even. */
    List<URI> addresses();

    @Override
    void close();

    static EchoTarget inProcess() throws IOException {
        return new InProcess(EchoServer.start());
    }

    /** Starts a JVM like this one, with the same class path. */
    static EchoTarget childJvm() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new ChildJvm(process, readAddresses(process));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static List<URI> readAddresses(Process process) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<URI> addresses = new ArrayList<>();
        while (addresses.size() < 3) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the child JVM ended before it listened; what it printed above says why");
            }
            addresses.add(URI.create(line));
        }
        return addresses;
    }

    /** In this JVM. */
    record InProcess(RunningDataflow running) implements EchoTarget {
        @Override
        public List<URI> addresses() {
            return List.copyOf(running.uris().values());
        }

        @Override
        public void close() {
            running.close();
        }
    }

    /** In a JVM of its own. */
    record ChildJvm(Process process, List<URI> addresses) implements EchoTarget {
        private static final int SECONDS_TO_END = 30;

        @Override
        public void close() {
            try {
                process.getOutputStream().close();
                if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                    return;
                }
                System.err.println("the child JVM has not ended in " + SECONDS_TO_END + " s and is killed");
            } catch (IOException e) {
                System.err.println("the child JVM cannot be told to end and is killed: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process.destroyForcibly();
        }
    }
}
