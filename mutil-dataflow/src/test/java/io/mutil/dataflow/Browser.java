package io.mutil.dataflow;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.testkit.Eventually;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A Chromium without a window, spoken to by the Chrome DevTools protocol. */
final class Browser implements WebSocketListener, AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Process process;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final WebSocket socket;

    private Browser(Process process, URI uri) throws Exception {
        this.process = process;
        this.socket = WebSocketClient.builder(uri, this).connect();
    }

    /** Skips the test where there is no browser. */
    static Browser start(Path profile) throws Exception {
        Optional<Path> program = find();
        assumeTrue(program.isPresent(), "skipped: none of " + NAMES + " is on the PATH");
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        // no sandbox: it refuses to run as root, as in a container, and sees only pages of ours
        command.addAll(List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"));
        command.addAll(List.of("--no-first-run", "--remote-debugging-port=0", "--user-data-dir=" + profile));
        Process process = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        try {
            Path address = profile.resolve("DevToolsActivePort");
            Eventually.until("the browser listens", () -> lines(address).size() == 2);
            List<String> portAndPath = lines(address);
            return new Browser(process, URI.create("ws://127.0.0.1:" + portAndPath.get(0) + portAndPath.get(1)));
        } catch (Throwable e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Optional<Path> find() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void onText(WebSocket from, String text) {
        JsonNode message = MAPPER.readTree(text);
        CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt(-1));
        if (answer != null) {
            answer.complete(message);
        }
    }

    private JsonNode call(String session, String method, Map<String, ?> parameters) throws Exception {
        int id = lastId.incrementAndGet();
        ObjectNode message = MAPPER.createObjectNode().put("id", id).put("method", method);
        message.set("params", MAPPER.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        socket.send(MAPPER.writeValueAsString(message));
        JsonNode answered = answer.get(30, TimeUnit.SECONDS);
        if (!answered.path("error").isMissingNode()) {
            throw new IOException(method + ": " + answered.path("error"));
        }
        return answered.path("result");
    }

    /** Opens a page in a tab of its own. */
    Tab open(URI uri) throws Exception {
        String target = call("", "Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asString();
        var tab = new Tab(call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString());
        tab.call("Page.navigate", Map.of("url", uri.toString()));
        return tab;
    }

    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        var unused = socket.sendAsync("{\"id\":0,\"method\":\"Browser.close\"}");
        // its profile can be deleted when all of it has ended
        all.forEach(one -> one.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        socket.close();
    }

    /** One page. */
    final class Tab {
        private final String session;

        Tab(String session) {
            this.session = session;
        }

        JsonNode call(String method, Map<String, ?> parameters) throws Exception {
            return Browser.this.call(session, method, parameters);
        }

        /** The value of an expression, as text. */
        String evaluate(String script) throws Exception {
            return call("Runtime.evaluate", Map.of("expression", "String(" + script + ")", "returnByValue", true))
                    .path("result")
                    .path("value")
                    .asString("");
        }

        /** Waits until the expression is true; one that throws is not. */
        void await(String script) {
            Eventually.until(script, () -> {
                try {
                    return evaluate(script).equals("true");
                } catch (Exception e) {
                    throw new AssertionError(script, e);
                }
            });
        }

        void press(String key) throws Exception {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", 9));
            call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", 9));
        }
    }
}
