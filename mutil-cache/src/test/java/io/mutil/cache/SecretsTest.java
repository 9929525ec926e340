package io.mutil.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a request or a response says in confidence is found on the disk, in messages or in a log. */
class SecretsTest {
    private static final String SECRET = "s3cr3tW0rd";

    private final Path directory;

    SecretsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static HttpRequest secretive(Server server, String path) {
        return HttpRequest.newBuilder(server.uri(path + "?X-Amz-Signature=" + SECRET + "&token=" + SECRET))
                .header("Authorization", "Bearer " + SECRET)
                .header("Cookie", "session=" + SECRET)
                .header("X-Api-Key", SECRET)
                .build();
    }

    @Test
    void noSecretIsOnTheDisk() throws Exception {
        try (var server = new Server();
                FetchCache cache =
                        FetchCache.builder(directory).memoryEntry(100).open()) {
            String[] headers = {
                "Set-Cookie",
                SECRET,
                "Location",
                "/?" + SECRET,
                "WWW-Authenticate",
                SECRET,
                "X-Token",
                SECRET,
                "ETag",
                "\"1\""
            };
            server.answers("/small", 200, "hello", headers);
            server.answers("/large", 200, "hello".repeat(100), headers);
            cache.get(secretive(server, "/small"));
            cache.get("name", secretive(server, "/small"));
            cache.get(secretive(server, "/large"));
            cache.get(secretive(server, "/large"), Options.DEFAULT.refresh());
            assertThatExceptionOfType(FetchFailedException.class)
                    .isThrownBy(() -> cache.get(secretive(server, "/missing")));

            List<Path> files = files();

            assertThat(files).hasSizeGreaterThanOrEqualTo(5);
            for (Path file : files) {
                assertThat(file.getFileName().toString()).doesNotContain(SECRET);
                assertThat(Files.readString(file, ISO_8859_1)).doesNotContain(SECRET);
            }
            assertThat(cache.get(secretive(server, "/small")).headers())
                    .containsOnlyKeys("content-length", "date", "etag");
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void theNameOfAFileDoesNotTellARequestInAnotherDirectory() throws Exception {
        Path other = directory.resolve("other");
        Path one = directory.resolve("one");
        Fetch hello = (known, body) -> CompletableFuture.completedFuture(Fetched.ok());
        for (Path path : List.of(one, other)) {
            try (FetchCache cache = FetchCache.open(path)) {
                cache.get(Key.of("password"), hello);
            }
        }

        assertThat(entries(one)).hasSize(1).doesNotContainAnyElementsOf(entries(other));
    }

    private static List<String> entries(Path path) throws IOException {
        try (Stream<Path> all = Files.list(path)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.length() == 64)
                    .toList();
        }
    }

    @Test
    void noSecretIsInAMessageOrALog() throws Exception {
        try (var log = LogLines.of(Flight.class, Level.FINE);
                var server = new Server();
                FetchCache cache = FetchCache.open(directory);
                FetchCache impatient = FetchCache.builder(directory)
                        .timeout(Duration.ofMillis(100))
                        .open()) {
            assertThatNoSecretIsIn(cache, secretive(server, "/missing"), "status 404");
            assertThatNoSecretIsIn(cache, secretive(server, "/torn"), "see the cause");
            assertThatNoSecretIsIn(impatient, secretive(server, "/slow"), "no answer within PT0.1S");

            Eventually.until("each is in the log", () -> log.at(Level.FINE).size() == 3);
            assertThat(log.at(Level.FINE)).noneMatch(line -> line.contains(SECRET));
        }
    }

    private static void assertThatNoSecretIsIn(FetchCache cache, HttpRequest request, String reason) {
        assertThatExceptionOfType(FetchFailedException.class)
                .isThrownBy(() -> cache.get(request))
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e).hasMessageNotContaining(SECRET));
        assertThat(cache.toString()).doesNotContain(SECRET);
    }

    @Test
    void twoUsersDoNotGetEachOthersAnswers() throws Exception {
        try (var server = new Server();
                FetchCache cache = FetchCache.open(directory)) {
            server.echoes("/me", "Authorization");
            HttpRequest alice = user(server, "alice");
            HttpRequest bob = user(server, "bob");

            for (int i = 0; i < 2; i++) {
                assertThat(cache.get(alice).text()).isEqualTo("alice");
                assertThat(cache.get(bob).text()).isEqualTo("bob");
                assertThat(cache.get("me", alice).text()).isEqualTo("alice");
                assertThat(cache.get("me", bob).text()).isEqualTo("bob");
            }
        }
        try (var server = new Server();
                FetchCache cache = FetchCache.open(directory)) {
            server.echoes("/me", "Authorization");
            assertThat(cache.get("me", user(server, "alice")).text()).isEqualTo("alice");
        }
    }

    private static HttpRequest user(Server server, String name) {
        return HttpRequest.newBuilder(server.uri("/me"))
                .header("Authorization", name)
                .build();
    }
}
