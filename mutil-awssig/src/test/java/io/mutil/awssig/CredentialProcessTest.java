package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialProcessTest {
    private static RefreshingCredentials.Expiring load(String... arguments) {
        return new CredentialProcess(CredentialChild.command(arguments), Duration.ofSeconds(50)).load();
    }

    @Test
    void readsWhatTheProgramPrints() {
        RefreshingCredentials.Expiring loaded = load("print", """
                {"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "s\\/\\u00e9\\n", "SessionToken": "FwoG",
                 "Expiration": "2030-01-02T03:04:05+01:00", "AccountId": "1", "More": {"of": [1, true, null]}}
                """);

        assertThat(loaded.credentials().accessKey()).isEqualTo("AKID");
        assertThat(loaded.credentials().secret()).isEqualTo("s/\u00e9\n");
        assertThat(loaded.credentials().sessionToken()).isEqualTo("FwoG");
        assertThat(loaded.expiration()).isEqualTo(Instant.parse("2030-01-02T02:04:05Z"));
    }

    @Test
    void needsNeitherATokenNorAnEnd() {
        RefreshingCredentials.Expiring loaded = load(
                "print",
                "{\"Version\":1,\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"s\",\"SessionToken\":null,\"Expiration\":\"\"}");

        assertThat(loaded.credentials().sessionToken()).isNull();
        assertThat(loaded.expiration()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "[\"hunter2\"]",
                "{\"SecretAccessKey\": \"hunter2\"",
                "{\"AccessKeyId\": \"AKID\", \"SecretAccessKey\": \"hunter2\"}",
                "{\"Version\": 2, \"AccessKeyId\": \"AKID\", \"SecretAccessKey\": \"hunter2\"}",
                "{\"Version\": \"1\", \"AccessKeyId\": \"AKID\", \"SecretAccessKey\": \"hunter2\"}",
                "{\"Version\": 1, \"SecretAccessKey\": \"hunter2\"}",
                "{\"Version\": 1, \"AccessKeyId\": \"hunter2\"}",
                "{\"Version\": 1, \"AccessKeyId\": \"hunter2\", \"SecretAccessKey\": \"\"}",
                "{\"Version\": 1, \"AccessKeyId\": \"hunter2\", \"SecretAccessKey\": 7}",
                "{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"hunter2\", \"Expiration\": \"2030-01-02\"}",
                "{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"hunter2\"} hunter2",
            })
    void refusesAnyOtherOutputWithoutShowingIt(String output) {
        var process = new CredentialProcess(List.of("java", "hunter2"), Duration.ofSeconds(50));

        assertThatThrownBy(() -> process.parsed(output.getBytes(UTF_8)))
                .isInstanceOf(CredentialsException.class)
                .hasNoCause()
                .hasMessageStartingWith("credential process java must print ")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void refusesAProgramThatFails() {
        assertThatThrownBy(() -> load("status", "3"))
                .hasMessage(
                        "credential process java ended with status 3 instead of 0; run it by hand to see what it says");
    }

    @Test
    void refusesAProgramThatDoesNotExist() {
        assertThatThrownBy(() ->
                        new CredentialProcess(List.of("/no/such/program", "hunter2"), Duration.ofSeconds(50)).load())
                .isInstanceOf(CredentialsException.class)
                .hasNoCause()
                .hasMessageStartingWith("credential process program cannot be started")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void refusesToBeFlooded() {
        assertThatThrownBy(() -> load("flood")).hasMessageContaining("printed more than 65536 bytes");
    }

    @Test
    void stopsAProgramThatDoesNotEnd() {
        var process = new CredentialProcess(CredentialChild.command("hang"), Duration.ofMillis(100));

        assertThatThrownBy(process::load).hasMessageContaining("did not end within PT0.1S");

        Eventually.until(
                "the program is gone", () -> ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void doesNotWaitForWhatAProgramLeavesBehind(@TempDir Path folder) throws IOException {
        Path pid = folder.resolve("pid");
        try {
            assertThat(load("orphan", pid.toString()).credentials().accessKey()).isEqualTo("AKID");

            assertThat(orphan(pid).isAlive()).isTrue();
        } finally {
            orphan(pid).destroyForcibly();
        }
    }

    /** Which is no descendant of this process any more. */
    private static ProcessHandle orphan(Path pid) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow();
    }

    @Test
    void readsAsMuchAsIsAllowed() {
        String json = CredentialChild.json("AKID");
        String most = json + " ".repeat(CredentialProcess.MAX_OUTPUT - json.length());

        assertThat(load("print", most).credentials().accessKey()).isEqualTo("AKID");
        assertThatThrownBy(() -> load("print", most + " ")).hasMessageContaining("printed more than 65536 bytes");
    }

    @Test
    void stopsTheProgramWhenItsThreadIsInterrupted() throws Exception {
        var process = new CredentialProcess(CredentialChild.command("hang"), Duration.ofSeconds(50));
        var thread = new CompletableFuture<Thread>();
        var interrupted = new CompletableFuture<Boolean>();
        CompletableFuture<Void> done = Background.run(() -> {
            thread.complete(Thread.currentThread());
            try {
                process.load();
            } finally {
                interrupted.complete(Thread.currentThread().isInterrupted());
            }
        });
        Eventually.until(
                "the program runs", () -> ProcessHandle.current().children().count() > 0);

        thread.get(30, TimeUnit.SECONDS).interrupt();

        assertThatThrownBy(() -> done.get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(InterruptedException.class)
                .hasMessageContaining("interrupted");
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void needsAProgram() {
        assertThatIllegalArgumentException().isThrownBy(CredentialsProvider::process);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CredentialsProvider.process(" ", "hunter2"))
                .withMessageNotContaining("hunter2");
    }

    @Test
    void runsWhenAskedForTheFirstTime() {
        CredentialsProvider provider = CredentialsProvider.process(
                CredentialChild.command("print", CredentialChild.json("AKID")).toArray(String[]::new));

        assertThat(provider.get().accessKey()).isEqualTo("AKID");
    }
}
