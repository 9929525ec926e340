package io.mutil.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the Python library did. */
class VectorsTest {
    /**
     * There a task that arrives at the very moment of an admission overtakes the one that waits for it. Here it waits behind it,
     * so that one more waits; the times are the same.
     */
    private static final String LINE_WITH_A_TIE = "line 19";

    private final FakeTime time = new FakeTime();

    static Stream<Named<JsonNode>> vectors(String mode) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(VectorsTest.class.getResourceAsStream("/vectors/ratelimit.jsonl"))) {
            var json = new ObjectMapper();
            var number = new AtomicInteger();
            return new String(in.readAllBytes(), UTF_8)
                            .lines()
                            .map(line -> Named.of("line " + number.incrementAndGet(), json.readTree(line)))
                            .filter(vector ->
                                    vector.getPayload().get("mode").asString().equals(mode))
                            .toList()
                            .stream();
        }
    }

    static Stream<Named<JsonNode>> sequential() throws IOException {
        return vectors("sequential");
    }

    static Stream<Arguments> concurrent() throws IOException {
        return vectors("concurrent").map(vector -> Arguments.of(vector, vector.getName()));
    }

    private RateLimit limit(JsonNode vector) {
        return time.limit(Rule.slidingWindow(
                vector.get("rate").asInt(), seconds(vector.get("bucket_seconds").asDouble())));
    }

    /** Exact, as all are multiples of 1/64. */
    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    @ParameterizedTest
    @MethodSource("sequential")
    void oneCallerIsAdmittedAtTheSameTimes(JsonNode vector) {
        RateLimit limit = limit(vector);
        long start = time.getAsLong();
        var admits = new ArrayList<Duration>();
        var waited = new ArrayList<Boolean>();

        for (JsonNode arrival : vector.get("arrivals")) {
            time.advance(start + seconds(arrival.asDouble()).toNanos() - time.getAsLong());
            CompletableFuture<Duration> permit = limit.acquireAsync();
            while (!permit.isDone()) {
                time.advance(1_000_000_000L / 64);
            }
            admits.add(Duration.ofNanos(time.getAsLong() - start));
            waited.add(!permit.join().isZero());
        }

        assertThat(admits).isEqualTo(times(vector.get("admits")));
        assertThat(waited)
                .isEqualTo(vector.get("waited")
                        .valueStream()
                        .map(JsonNode::asBoolean)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("concurrent")
    void manyCallersAreAdmittedAtTheSameTimes(JsonNode vector, String name) {
        RateLimit limit = limit(vector);
        long start = time.getAsLong();
        var admits = new ArrayList<Duration>();
        var permits = new ArrayList<CompletableFuture<Duration>>();

        for (JsonNode arrival : vector.get("arrivals")) {
            time.advance(start + seconds(arrival.asDouble()).toNanos() - time.getAsLong());
            CompletableFuture<Duration> permit = limit.acquireAsync();
            permits.add(permit);
            var unused = permit.thenRun(() -> admits.add(Duration.ofNanos(time.getAsLong() - start)));
        }
        time.advance(Duration.ofDays(1));

        assertThat(admits).isEqualTo(times(vector.get("admits_sorted")));
        assertThat(permits.stream().filter(permit -> !permit.join().isZero()))
                .hasSize(vector.get("waited_count").asInt() + (name.equals(LINE_WITH_A_TIE) ? 1 : 0));
    }

    private static List<Duration> times(JsonNode seconds) {
        return seconds.valueStream().map(time -> seconds(time.asDouble())).toList();
    }
}
