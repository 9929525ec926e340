package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mutil.testkit.Background;
import io.mutil.testkit.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process with connections that were made by a library which is not ours. */
final class ForeignClients implements AutoCloseable {
    private final Process process;
    private final Writer input;
    private final List<BlockingQueue<Event>> events = new ArrayList<>();

    /** What one connection has seen: {@code open}, {@code text}, {@code binary} or {@code close}, and its bytes. */
    record Event(String what, String payload) {}

    private ForeignClients(Process process, int count) {
        this.process = process;
        this.input = process.outputWriter(US_ASCII);
        for (int i = 0; i < count; i++) {
            events.add(new LinkedBlockingQueue<>());
        }
        var unused = Background.run(this::listen);
    }

    /** With the npm package {@code ws}; skips the test where there is no Node. */
    static ForeignClients node(Path folder, URI uri, int count) throws Exception {
        Node.assumePresent();
        Path script = folder.resolve("clients.mjs");
        if (!Files.exists(script)) {
            Node.unpackWs(folder);
            copy("/clients.mjs", script);
        }
        return start(folder, count, "node", "clients.mjs", uri.toString(), String.valueOf(count));
    }

    /** With the Python library {@code websockets}; skips the test where no Python has it. */
    static ForeignClients python(Path folder, URI uri, int count) throws Exception {
        Path script = folder.resolve("clients.py");
        if (!Files.exists(script)) {
            copy("/clients.py", script);
        }
        return start(folder, count, interpreter(), "clients.py", uri.toString(), String.valueOf(count));
    }

    private static String interpreter() throws Exception {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (Node.runs(python, "-c", "import websockets")) {
                return python;
            }
        }
        return abort("skipped because no Python has websockets: install python3-websockets of Debian");
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = ForeignClients.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(in), to);
        }
    }

    private static ForeignClients start(Path folder, int count, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var clients = new ForeignClients(process, count);
        for (int i = 0; i < count; i++) {
            clients.expect(i, "open", "");
        }
        return clients;
    }

    private void listen() throws IOException {
        try (BufferedReader output = process.inputReader(US_ASCII)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ", 3);
                String payload = new String(Base64.getDecoder().decode(words[2]), UTF_8);
                events.get(Integer.parseInt(words[0])).add(new Event(words[1], payload));
            }
        }
    }

    /** Sends a text message on one of the connections. */
    void say(int client, String text) throws IOException {
        input.write(client + " " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + "\n");
        input.flush();
    }

    /** Sends a command and waits for its acknowledgement, which must be next. */
    void command(int client, String text) throws Exception {
        say(client, text);
        expect(client, "text", text);
    }

    Event next(int client) throws InterruptedException {
        Event event = events.get(client).poll(30, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("client " + client + " saw nothing within 30 s");
        }
        return event;
    }

    void expect(int client, String what, String payload) throws InterruptedException {
        var expected = new Event(what, payload);
        Event event = next(client);
        if (!event.equals(expected)) {
            throw new AssertionError("expected " + expected + ", but was " + event);
        }
    }

    /** The next message, which must be text. */
    String text(int client) throws InterruptedException {
        Event event = next(client);
        if (!event.what().equals("text")) {
            throw new AssertionError("expected text, but was " + event);
        }
        return event.payload();
    }

    boolean hasNothingMore(int client) {
        return events.get(client).isEmpty();
    }

    /** Ends the process as it is, without a word of it. */
    void kill() {
        var unused = process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
