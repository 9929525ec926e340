package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.TestTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A program in src/test/python that runs until it has said what became of its one connection. */
final class PythonPeer implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final @Nullable Path certificate;

    private PythonPeer(Process process, @Nullable Path certificate) {
        this.process = process;
        this.output = process.inputReader();
        this.certificate = certificate;
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

    static PythonPeer client(Handshake handshake, Way way, Endpoint server, byte[] key) throws IOException {
        return start(handshake, "client", way, server, key, TestTls::certificatePem);
    }

    /** {@link #listening} tells where it does. */
    static PythonPeer server(Handshake handshake, Way way, Endpoint endpoint, byte[] key) throws IOException {
        return start(handshake, "server", way, endpoint, key, TestTls::serverPem);
    }

    private static PythonPeer start(
            Handshake handshake, String role, Way way, Endpoint endpoint, byte[] key, Supplier<String> pem)
            throws IOException {
        String program = switch (handshake) {
            case VERSION_2 -> "version2_peer.py";
            case LEGACY -> "legacy_peer.py";
            case MULTIPROCESSING -> "multiprocessing_peer.py";
        };
        List<String> command = new ArrayList<>(List.of(
                "python3",
                "-B",
                Path.of("src", "test", "python", program).toString(),
                role,
                way.kind() + (way.tls() ? "+tls" : ""),
                endpoint instanceof Endpoint.Unix unix ? unix.path().toString() : String.valueOf(endpoint.port()),
                HexFormat.of().formatHex(key)));
        Path certificate = null;
        if (way.tls()) {
            certificate = Files.writeString(Files.createTempFile("mutil", ".pem"), pem.get());
            command.add(certificate.toString());
        }
        return new PythonPeer(
                new ProcessBuilder(command).redirectErrorStream(true).start(), certificate);
    }

    /** Where a server listens that was told to listen at this endpoint. */
    Endpoint listening(Endpoint told) throws IOException {
        String where = next("listening ");
        if (told instanceof Endpoint.Unix) {
            return told;
        }
        int port = Integer.parseInt(where);
        return told instanceof Endpoint.Web web ? Endpoint.webSocket(port, web.path()) : Endpoint.tcp(port);
    }

    /** What follows these words in the next line. */
    String next(String words) throws IOException {
        String line = output.readLine();
        assertThat(line).startsWith(words);
        return line.substring(words.length());
    }

    /** The last thing it says; or all of it, if that is more than one line. */
    String result() throws IOException, InterruptedException {
        String rest = String.join("\n", output.lines().toList());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return rest;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        if (certificate != null) {
            Files.delete(certificate);
        }
    }
}
