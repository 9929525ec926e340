package io.mutil.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client of the JDK, a server of the JDK, and a real disk. */
class HttpTest {
    private final Path directory;
    private final Server server = new Server();

    HttpTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private FetchCache open() {
        return FetchCache.builder(directory).memoryEntry(64 << 10).open();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(server.uri(path)).build();
    }

    @Test
    void anAnswerIsFetchedOnceForTwoLives() throws Exception {
        server.answers("/a", 200, "hello", "Content-Type", "text/plain; charset=ISO-8859-1");
        try (FetchCache cache = open()) {
            assertThat(cache.get(request("/a")).text()).isEqualTo("hello");
            assertThat(cache.get(request("/a")).source()).isEqualTo(Source.MEMORY);
        }

        try (FetchCache cache = open()) {
            Answer answer = cache.get(request("/a"));

            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.source()).isEqualTo(Source.DISK);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).contains("text/plain; charset=ISO-8859-1");
        }
        assertThat(server.requests("/a")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain; charset=ISO-8859-1, ISO-8859-1",
        "text/html;CHARSET=\"iso-8859-1\", ISO-8859-1",
        "text/plain; charset=utf-16, UTF-16",
        "text/plain; format=flowed; charset=utf-8; x=y, UTF-8",
        "text/plain, UTF-8"
    })
    void textIsReadInItsCharset(String type, String charset) throws Exception {
        byte[] body = "Grüße".getBytes(charset);
        server.answers("/a", 200, body, "Content-Type", type);

        try (FetchCache cache = open()) {
            assertThat(cache.get(request("/a")).text()).isEqualTo("Grüße");
            assertThat(cache.get(request("/a")).bytes()).isEqualTo(body);
        }
    }

    @Test
    void anUnknownCharsetIsSaid() throws Exception {
        server.answers("/a", 200, "hello".getBytes(ISO_8859_1), "Content-Type", "text/plain; charset=klingon");

        try (FetchCache cache = open()) {
            Answer answer = cache.get(request("/a"));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(answer::text)
                    .withMessage("charset klingon is unknown here; use bytes()");
        }
    }

    @Test
    void theServerIsAskedWhetherWhatIsStoredStillHolds() throws Exception {
        server.answersWithTag("/a", "\"1\"", "hello");
        try (FetchCache cache = open()) {
            cache.get(request("/a"));

            Answer confirmed = cache.get(request("/a"), Options.DEFAULT.refresh());
            server.answersWithTag("/a", "\"2\"", "changed");
            Answer changed = cache.get(request("/a"), Options.DEFAULT.refresh());

            assertThat(confirmed.text()).isEqualTo("hello");
            assertThat(cache.stats().revalidations()).isEqualTo(1);
            assertThat(changed.text()).isEqualTo("changed");
            assertThat(server.seen("/a", "If-None-Match")).containsExactly("\"1\"", "\"1\"");
        }
    }

    @Test
    void theDateOfTheLastChangeIsSentBackAsItCame() throws Exception {
        String date = "Tue, 14 May 2024 11:00:00 GMT";
        server.answers("/a", 200, "hello", "Last-Modified", date);
        try (FetchCache cache = open()) {
            cache.get(request("/a"));
            cache.get(request("/a"), Options.DEFAULT.refresh());
        }

        assertThat(server.seen("/a", "If-Modified-Since")).containsExactly(date);
    }

    @Test
    void conditionsOfTheCallerDoNotReachTheServer() throws Exception {
        server.answersWithTag("/a", "\"1\"", "hello");
        HttpRequest conditional = HttpRequest.newBuilder(server.uri("/a"))
                .header("If-None-Match", "\"1\"")
                .build();

        try (FetchCache cache = open()) {
            assertThat(cache.get(conditional).text()).isEqualTo("hello");
            assertThat(cache.get(request("/a")).source()).isEqualTo(Source.MEMORY);
        }
    }

    @Test
    void aRefusalCarriesItsStatusAndNothingOfTheQuery() {
        try (FetchCache cache = open()) {
            assertThatExceptionOfType(FetchFailedException.class)
                    .isThrownBy(() -> cache.get(request("/missing?token=secret")))
                    .matches(e -> e.status() == 404)
                    .withMessageContaining("/missing was refused with status 404")
                    .withMessageNotContaining("secret");
        }
    }

    @Test
    void redirectsAreFollowed() throws Exception {
        server.answers("/from", 302, "", "Location", "/to");
        server.answers("/to", 200, "there");

        try (FetchCache cache = open()) {
            assertThat(cache.get(request("/from")).text()).isEqualTo("there");
        }
    }

    @Test
    void aServerThatIsNotThereIsAFailureWithItsCause() throws Exception {
        // bound, so that nobody else gets the port, and not listening
        try (var socket = new Socket();
                FetchCache cache = open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/"))
                    .build();
            assertThatExceptionOfType(FetchFailedException.class)
                    .isThrownBy(() -> cache.get(request))
                    .withCauseInstanceOf(ConnectException.class)
                    .matches(e -> e.status() == 0);
        }
    }

    @Test
    void aCancelledFetchEndsItsExchange() throws Exception {
        try (FetchCache cache = open()) {
            CompletableFuture<Answer> answer = cache.getAsync(request("/slow"));
            Eventually.until("the server is asked", () -> server.requests("/slow") == 1);

            answer.cancel(true);

            Eventually.until("its connection is gone", () -> server.brokenPipes() == 1);
            assertThat(cache.stats().fetching()).isZero();
        }
    }

    @Test
    void aServerThatNeverEndsIsGivenUp() {
        try (FetchCache cache =
                FetchCache.builder(directory).timeout(Duration.ofMillis(200)).open()) {
            assertThatExceptionOfType(FetchFailedException.class)
                    .isThrownBy(() -> cache.get(request("/slow")))
                    .withRootCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        }
    }

    @Test
    void closingEndsFetchesThatRun() {
        FetchCache cache = open();
        CompletableFuture<Answer> answer = cache.getAsync(request("/slow"));
        Eventually.until("the server is asked", () -> server.requests("/slow") == 1);

        cache.close();

        assertThat(CacheFixture.failure(waited(answer))).hasRootCauseMessage("the cache was closed");
    }

    private static CompletableFuture<Answer> waited(CompletableFuture<Answer> answer) {
        Eventually.until("it is over", answer::isDone);
        return answer;
    }

    @Test
    void aLargeBodyStreamsThroughTheDisk() throws Exception {
        try (FetchCache cache = FetchCache.builder(directory)
                .memoryEntry(4 << 10)
                .memory(64 << 10)
                .open()) {
            Answer fetched = cache.get(request("/large"));
            Answer stored = cache.get(request("/large"));

            assertThat(fetched.length()).isEqualTo(Server.LARGE);
            assertThat(checksum(fetched)).isEqualTo(Server.largeChecksum());
            assertThat(stored.source()).isEqualTo(Source.DISK);
            assertThat(checksum(stored)).isEqualTo(Server.largeChecksum());
            assertThat(cache.stats().memoryEntries()).isZero();
            assertThat(server.requests("/large")).isEqualTo(1);
        }
    }

    private static long checksum(Answer answer) throws IOException {
        try (InputStream in = answer.stream();
                var checked = new CheckedInputStream(in, new CRC32())) {
            byte[] chunk = new byte[8 << 10];
            while (checked.read(chunk) >= 0) {
                // the sum is what counts
            }
            return checked.getChecksum().getValue();
        }
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotFetched() {
        try (FetchCache cache = FetchCache.builder(directory).maxBodyBytes(1000).open()) {
            assertThatExceptionOfType(FetchFailedException.class)
                    .isThrownBy(() -> cache.get(request("/large")))
                    .withStackTraceContaining("exceeds maxBodyBytes 1000");
        }
    }

    @Test
    void aBodyThatEndsTooEarlyIsNotKept() throws Exception {
        try (FetchCache cache = open()) {
            assertThatExceptionOfType(FetchFailedException.class).isThrownBy(() -> cache.get(request("/torn")));
            assertThat(cache.cached(cache.keyOf(request("/torn")))).isEmpty();
            assertThat(cache.stats().diskEntries()).isZero();
        }
    }

    @Test
    void aClientOfTheCallerStaysTheCallers() throws Exception {
        server.answers("/a", 200, "hello");
        HttpClient client = HttpClient.newHttpClient();
        try (FetchCache cache = FetchCache.builder(directory).client(client).open()) {
            cache.get(request("/a"));
        }

        assertThat(client.send(request("/a"), java.net.http.HttpResponse.BodyHandlers.ofString(UTF_8))
                        .body())
                .isEqualTo("hello");
    }

    @Test
    void headHasNoBodyAndAKeyOfItsOwn() throws Exception {
        server.answers("/a", 200, "hello", "X-Version", "7");
        HttpRequest head = HttpRequest.newBuilder(server.uri("/a"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();

        try (FetchCache cache = open()) {
            assertThat(cache.get(head).length()).isZero();
            assertThat(cache.get(request("/a")).text()).isEqualTo("hello");
            assertThat(cache.get(head).source()).isEqualTo(Source.MEMORY);
        }
    }

    @Test
    void headOfWhatIsLargerThanABodyMayBeTellsItsLength() throws Exception {
        server.announces("/a", 5000);
        HttpRequest head = HttpRequest.newBuilder(server.uri("/a"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();

        try (FetchCache cache = FetchCache.builder(directory).maxBodyBytes(1000).open()) {
            assertThat(cache.get(head).header("Content-Length")).contains("5000");
            assertThat(cache.get(head).header("Content-Length")).contains("5000");
            assertThat(cache.get(head).source()).isEqualTo(Source.MEMORY);
        }
    }
}
