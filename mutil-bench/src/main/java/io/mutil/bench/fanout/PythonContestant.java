package io.mutil.bench.fanout;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A proxy in Python with the library websockets.
 *
 * @param way {@code await}: one client after the other, each awaited; {@code broadcast}: as the library does it
 */
record PythonContestant(String name, String way) implements Contestant {
    private static final String SCRIPT = "fanout_proxy.py";
    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");
    private static final String NEEDED = "import websockets; websockets.broadcast";

    @Override
    public Optional<String> missing() {
        return interpreter().isPresent()
                ? Optional.empty()
                : Optional.of("python3 with websockets 10 or newer, " + "as in Debian's python3-websockets");
    }

    private static Optional<String> interpreter() {
        return INTERPRETERS.stream().filter(PythonContestant::hasLibrary).findFirst();
    }

    private static boolean hasLibrary(String interpreter) {
        try {
            Process probe = new ProcessBuilder(interpreter, "-c", NEEDED)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(30, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Proxy start(Sockets sockets, Traffic traffic, String heap) throws IOException {
        Path script = Files.createTempFile("fanout", ".py");
        try (InputStream source = requireNonNull(PythonContestant.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            Files.write(script, source.readAllBytes());
            String python = interpreter().orElseThrow();
            return ProxyProcess.start(sockets, List.of(python, "-u", script.toString(), way), false);
        } finally {
            // the interpreter has read it before it listened
            Files.delete(script);
        }
    }
}
