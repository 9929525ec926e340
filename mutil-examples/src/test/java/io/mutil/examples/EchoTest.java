package io.mutil.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs the program as a person would: in a process of its own, on the module path. */
class EchoTest {
    private static final Pattern ADDRESSES =
            Pattern.compile("in (\\S+)  odd (\\S+)  even (\\S+)  page (\\S+)  \\(Ctrl-C stops\\)");
    private static final List<String> FREE_PORTS = List.of("--in", "0", "--odd", "0", "--even", "0", "--page", "0");

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process echo(String... arguments) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> command = new ArrayList<>();
        if (ignoresInterrupts()) {
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(java, "--module-path", ProgramPath.get()));
        command.addAll(List.of("--module", "io.mutil.examples/io.mutil.examples.Echo"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    /** Whether we were started in the background of a shell, which children inherit. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("SigIgn:".length()).trim(), 16))
                    .anyMatch(ignored -> (ignored & 2) != 0);
        }
    }

    private static String[] with(String... more) {
        return Stream.concat(FREE_PORTS.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void showsItselfAtWork() throws Exception {
        Process echo = echo(with());
        BufferedReader output = echo.inputReader(StandardCharsets.UTF_8);

        Matcher addresses = ADDRESSES.matcher(output.readLine());
        assertThat(addresses.matches()).isTrue();
        try (InputStream page = URI.create(addresses.group(4)).toURL().openStream()) {
            assertThat(page).asString(StandardCharsets.UTF_8).startsWith("<!doctype html>");
        }
        for (int i = 0; i < 3; i++) {
            assertThat(output.readLine())
                    .matches("in \\[[\\d,]+] -> odd \\d+ \\([\\d,]+\\)  even \\d+ \\([\\d,]+\\)  [\\d,]+ numbers/s");
        }
    }

    @Test
    void stopsCleanlyOnInterrupt() throws Exception {
        assumeTrue(File.separatorChar == '/', "skipped on Windows, which has no such signals");
        for (String signal : List.of("INT", "TERM")) {
            Process echo = echo(with("--no-feed"));
            BufferedReader output = echo.inputReader(StandardCharsets.UTF_8);
            assertThat(output.readLine()).matches(ADDRESSES);

            new ProcessBuilder("kill", "-" + signal, String.valueOf(echo.pid()))
                    .start()
                    .waitFor();

            assertThat(echo.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(echo.exitValue()).isZero();
            assertThat(output.lines()).containsExactly("", "stopped; 0 items lost");
        }
    }

    @Test
    void servesRealClients() throws Exception {
        Process echo = echo(with("--no-feed", "--batch", "10"));
        Matcher addresses =
                ADDRESSES.matcher(echo.inputReader(StandardCharsets.UTF_8).readLine());
        assertThat(addresses.matches()).isTrue();
        var texts = new LinkedBlockingQueue<String>();

        try (WebSocket odd = connect(addresses.group(2), texts);
                WebSocket in = connect(addresses.group(1), texts)) {
            in.send("[2, 3, 4]");
            assertThat(numbers(texts, 2)).containsExactlyInAnyOrder("3", "5");
            in.send("two");
            assertThat(texts.poll(30, TimeUnit.SECONDS)).startsWith("{\"error\":");
            assertThat(odd.isOpen()).isTrue();
        }
    }

    private static WebSocket connect(String uri, BlockingQueue<String> texts) throws Exception {
        return WebSocketClient.builder(URI.create(uri), new WebSocketListener() {
                    @Override
                    public void onText(WebSocket socket, String text) {
                        texts.add(text);
                    }
                })
                .connect();
    }

    private static List<String> numbers(BlockingQueue<String> texts, int count) throws InterruptedException {
        List<String> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            String text = texts.poll(30, TimeUnit.SECONDS);
            assertThat(text).startsWith("[").endsWith("]");
            numbers.addAll(List.of(text.substring(1, text.length() - 1).split(",", -1)));
        }
        return numbers;
    }

    @Test
    void aPortInUseIsOneLineThatSaysWhatToDo() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Process echo = echo("--in", "0", "--odd", "0", "--even", String.valueOf(port), "--page", "0");
            List<String> output =
                    echo.inputReader(StandardCharsets.UTF_8).lines().toList();

            assertThat(echo.waitFor()).isEqualTo(1);
            assertThat(output)
                    .singleElement()
                    .asString()
                    .startsWith("echo: ")
                    .contains("127.0.0.1:" + port)
                    .contains("--even");
        }
    }

    @Test
    void anUnknownOptionIsExplained() throws Exception {
        Process echo = echo("--what");

        assertThat(echo.inputReader(StandardCharsets.UTF_8).readLine()).contains("--what");
        assertThat(echo.waitFor()).isEqualTo(2);
    }
}
