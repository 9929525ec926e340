package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program in src/test/python that runs until it has said what became of its one connection. */
final class PythonPeer implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private PythonPeer(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** The python3 of the PATH; without one the test is skipped. */
    static void require() {
        try {
            Process version = new ProcessBuilder("python3", "--version")
                    .redirectErrorStream(true)
                    .start();
            Assumptions.assumeTrue(
                    version.waitFor(30, TimeUnit.SECONDS) && version.exitValue() == 0, "no python3 runs");
        } catch (IOException e) {
            Assumptions.abort("python3 is not on the PATH");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** @param where a port, 0 for a server that chooses one, or the path of a Unix socket */
    static PythonPeer start(Handshake handshake, String role, String kind, String where, byte[] key)
            throws IOException {
        String program = handshake == Handshake.LEGACY ? "legacy_peer.py" : "multiprocessing_peer.py";
        String script = Path.of("src", "test", "python", program).toString();
        var builder = new ProcessBuilder(
                "python3", "-B", script, role, kind, where, HexFormat.of().formatHex(key));
        return new PythonPeer(builder.redirectErrorStream(true).start());
    }

    /** Where a server listens. */
    String listening() throws IOException {
        String line = output.readLine();
        assertThat(line).startsWith("listening ");
        return line.substring("listening ".length());
    }

    /** The last thing it says; or all of it, if that is more than one line. */
    String result() throws IOException, InterruptedException {
        String rest = String.join("\n", output.lines().toList());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return rest;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
