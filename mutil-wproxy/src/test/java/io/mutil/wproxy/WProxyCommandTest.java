package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs no proxy that runs. */
class WProxyCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.commandLine(new WProxyCommand(new PrintStream(out, true, UTF_8)))
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out, true, UTF_8))
                .execute(arguments);
    }

    static Stream<Arguments> wrongUsage() {
        return Stream.of(
                arguments("def is no port", "(PORT): 'def' must be a number from 0 to 65535", new String[] {
                    "127.0.0.1", "def"
                }),
                arguments("a port out of range", "from 0 to 65535", new String[] {"127.0.0.1", "70000"}),
                arguments("no URI", "(URI): '::::' must be a URI as ws://host:port/path", new String[] {
                    "127.0.0.1", "0", "::::"
                }),
                arguments("no URI of another", "--failover", new String[] {"--failover", "::::"}),
                arguments("no number", "'many' must be a whole number", new String[] {"--queue-messages", "many"}),
                arguments("no subscriptions", "--max-subscriptions must be positive, was 0", new String[] {
                    "--max-subscriptions", "0"
                }),
                arguments("no keys", "--max-keys must be positive, was 0", new String[] {"--max-keys", "0"}),
                arguments("no message", "--max-message must be from 1", new String[] {"--max-message", "0"}),
                arguments("too large a message", "was 3221225472", new String[] {"--max-message", "3g"}),
                arguments("no WebSocket", "ws://", new String[] {"127.0.0.1", "0", "http://127.0.0.1"}),
                arguments("too many words", "what", new String[] {"127.0.0.1", "0", "ws://127.0.0.1", "what"}),
                arguments("a policy", "drop-oldest", new String[] {"--slow-policy", "wait"}),
                arguments("a time without unit", "20ms", new String[] {"--queue-age", "5"}),
                arguments("a size", "64k", new String[] {"--queue-bytes", "5x"}),
                arguments("an empty queue", "positive", new String[] {"--queue-bytes", "0"}),
                arguments("a history", "10000,16m", new String[] {"--history", "17"}),
                arguments("half of TLS", "--tls-key", new String[] {"--tls-cert", "a.pem"}),
                arguments("a path", "begin with /", new String[] {"127.0.0.1", "0", "--status", "status"}),
                arguments("no place for keys", "{keys}", new String[] {"--subscribe-message", "all"}),
                arguments("half of a format", "needs", new String[] {"--unsubscribe-message", "{keys}"}),
                arguments(
                        "two formats", "leave out", new String[] {"--upstream-is-proxy", "--subscribe-message", "{keys}"
                        }),
                arguments("no header", "colon", new String[] {"--header", "Authorization"}),
                arguments("a wrong header", "header", new String[] {"--header", "a b: c"}),
                arguments("a speed of nothing", "--replay", new String[] {"--speed", "2"}),
                arguments("no speed", "max", new String[] {"--speed", "fast"}),
                arguments("a repeat of nothing", "--replay", new String[] {"--repeat"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongUsage")
    void explainsWrongUsage(String what, String explanation, String[] arguments) {
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString()).startsWith("wproxy: ").contains(explanation).contains("--help");
        assertThat(err.toString().lines()).hasSize(2);
    }

    @Test
    void aReplayTakesThePlaceOfAnUpstream(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("feed.rec");
        Recorder.start(file).closeAsync().join();

        assertThat(run("127.0.0.1", "0", "ws://127.0.0.1", "--replay", file.toString()))
                .isEqualTo(2);
        assertThat(run("--replay", file.toString(), "--silence-timeout", "1s")).isEqualTo(2);
        assertThat(run("--replay", file.toString(), "--max-message", "1m")).isEqualTo(2);
        assertThat(err.toString()).contains("leave out its URI");
    }

    static Stream<Arguments> whatIsNotThere() {
        return Stream.of(
                arguments("no such file", new String[] {"--token-file", "no-such-file"}),
                arguments("no such file", new String[] {"--tls-cert", "no-such-file", "--tls-key", "no-such-file"}),
                arguments("no such file", new String[] {"--on-connect", "@no-such-file"}),
                arguments("not set", new String[] {"--header", "X-Key: env:NO_SUCH_VARIABLE"}),
                arguments("no-such-file: there is no such file", new String[] {"--replay", "no-such-file"}),
                arguments("make it first", new String[] {"127.0.0.1", "0", "--record", "no-such-folder/feed.rec"}));
    }

    static Stream<List<String>> directories() {
        return Stream.of(
                List.of("--token-file", "DIR"),
                List.of("--on-connect", "@DIR"),
                List.of("--header", "X-Key: @DIR"),
                List.of("--tls-cert", "DIR", "--tls-key", "DIR"),
                List.of("--replay", "DIR"),
                List.of("127.0.0.1", "0", "--record", "DIR"));
    }

    @ParameterizedTest
    @MethodSource("directories")
    void namesTheDirectoryThatIsNoFile(List<String> arguments, @TempDir Path folder) {
        String[] all = arguments.stream()
                .map(argument -> argument.replace("DIR", folder.toString()))
                .toArray(String[]::new);

        assertThat(run(all)).isEqualTo(1);
        assertThat(err.toString()).startsWith("wproxy: " + folder + ": ").contains("; ");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatIsNotThere")
    void saysInOneLineWhatIsNotThere(String explanation, String[] arguments) {
        assertThat(run(arguments)).isEqualTo(1);
        assertThat(err.toString()).startsWith("wproxy: ").contains(explanation);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void helpFitsATerminalAndNamesEachDefault() {
        assertThat(run("--help")).isZero();

        String help = out.toString(UTF_8);
        assertThat(help.lines()).allMatch(line -> line.length() <= 120);
        assertThat(help)
                .contains("127.0.0.1", "6222", "ws://127.0.0.1:4442", "20ms", "5s", "10s", "1m", "500", "10000")
                .contains("(default: 100000)", "(default: 16m)", "always send {\"stats\": true}")
                .doesNotContain("DEFAULT-VALUE", "null", "PT0");
    }

    @Test
    void anAddressOfAnotherMachineIsToldSo() {
        assertThat(run("203.0.113.5", "0")).isEqualTo(1);
        assertThat(err.toString()).startsWith("wproxy: ").contains("is no address of this machine; use 127.0.0.1");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("wproxy ");
    }
}
