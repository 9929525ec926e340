package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class FreshnessTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long NOW = Instant.parse("2024-05-14T11:00:00Z").toEpochMilli();

    static Stream<JsonNode> fileNames() throws IOException {
        try (InputStream in = Objects.requireNonNull(FreshnessTest.class.getResourceAsStream("/dcache.jsonl"))) {
            var json = new ObjectMapper();
            return new String(in.readAllBytes(), UTF_8).lines().map(json::readTree).toList().stream();
        }
    }

    private static Freshness ofVector(JsonNode minutes) {
        return minutes.isNull()
                ? Freshness.endOfDay(NEW_YORK)
                : Freshness.buckets(Duration.ofMillis((long) (minutes.asDouble() * 60_000)), NEW_YORK);
    }

    @ParameterizedTest
    @MethodSource("fileNames")
    void namesFilesAsThePythonLibraryDoes(JsonNode vector) {
        long epoch =
                new BigDecimal(vector.get("epoch").asString()).movePointRight(3).longValueExact();
        Freshness freshness = ofVector(vector.get("refresh_minutes"));

        EntryName name =
                new Names(new byte[0]).of(Key.named(vector.get("filename").asString()), freshness, epoch);

        assertThat(name.fileName()).isEqualTo(vector.get("bucket_file").asString());
        assertThat(name.family()).isEqualTo(vector.get("filename").asString());
    }

    /** Whatever the vector: as long as the answer is fresh its file has that name, and from then on another. */
    @ParameterizedTest
    @MethodSource("fileNames")
    void isDueWhenTheFileNameChanges(JsonNode vector) {
        long epoch =
                new BigDecimal(vector.get("epoch").asString()).movePointRight(3).longValueExact();
        Freshness freshness = ofVector(vector.get("refresh_minutes"));

        long until = freshness.until(epoch, Map.of());

        assertThat(until).isGreaterThan(epoch);
        assertThat(freshness.suffix(until - 1)).isEqualTo(freshness.suffix(epoch));
        assertThat(freshness.suffix(until)).isNotEqualTo(freshness.suffix(epoch));
    }

    @Test
    void knowsAllVectors() throws IOException {
        assertThat(fileNames()).hasSize(122);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-10T00:00:00-05:00, 2024-03-11T04:00:00Z", // 23 hours
        "2024-11-03T00:00:00-04:00, 2024-11-04T05:00:00Z", // 25 hours
        "2024-05-14T23:59:59.999-04:00, 2024-05-15T04:00:00Z",
        "2024-05-15T00:00:00-04:00, 2024-05-16T04:00:00Z"
    })
    void aDayEndsAtMidnightInItsZone(String began, Instant until) {
        long millis = java.time.OffsetDateTime.parse(began).toInstant().toEpochMilli();

        assertThat(Freshness.endOfDay(NEW_YORK).until(millis, Map.of())).isEqualTo(until.toEpochMilli());
    }

    @Test
    void aDayWithoutMidnightBeginsWhenItDoes() {
        ZoneId zone = ZoneId.of("America/Sao_Paulo"); // 2018-11-04 began at 01:00
        long began = Instant.parse("2018-11-03T12:00:00Z").toEpochMilli();

        assertThat(Freshness.endOfDay(zone).until(began, Map.of()))
                .isEqualTo(Instant.parse("2018-11-04T03:00:00Z").toEpochMilli());
    }

    @Test
    void anEndlessTimeEndsAtTheEndOfTime() {
        assertThat(Freshness.ttl(Duration.ofSeconds(Long.MAX_VALUE)).until(NOW, Map.of()))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Property(tries = 200)
    void bucketsFollowOneAnotherWithoutAGap(
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long instant,
            @ForAll @IntRange(min = 1, max = 200_000) int seconds) {
        Freshness buckets = Freshness.buckets(Duration.ofSeconds(seconds), NEW_YORK);

        long until = buckets.until(instant, Map.of());

        assertThat(until).isGreaterThan(instant).isLessThanOrEqualTo(instant + (seconds * 1000L));
        assertThat(buckets.suffix(until - 1)).isEqualTo(buckets.suffix(instant));
        assertThat(buckets.suffix(until)).isNotEqualTo(buckets.suffix(instant));
    }

    @Property(tries = 200)
    void jitterOnlyCutsOffAndNotMoreThanItsFraction(
            @ForAll @DoubleRange(min = 0, max = 1) double fraction,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double chance) {
        Freshness jittered = Freshness.ttl(HOUR).jitter(fraction);

        double cut = NOW + 3_600_000 - (double) jittered.until(NOW, Map.of(), () -> chance);

        assertThat(cut).isBetween(0.0, Math.ceil(fraction * 3_600_000));
        assertThat(cut).isBetween((fraction * chance * 3_600_000) - 1, (fraction * chance * 3_600_000) + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // Cache-Control | Expires | Date | Age | seconds, "fallback" an hour
                "- | - | - | - | 3600",
                "max-age=60 | - | - | - | 60",
                "Max-Age=60 | - | - | - | 60",
                "max-age=\"60\" | - | - | - | 60",
                "public, max-age=60 | Thu, 01 Jan 1970 00:00:00 GMT | - | - | 60",
                "max-age=60, max-age=10 | - | - | - | 60",
                "max-age=0 | - | - | - | 0",
                "max-age=-1 | - | - | - | 0",
                "max-age=soon | - | - | - | 0",
                "max-age | - | - | - | 0",
                "max-age=99999999999999999999 | - | - | - | 2147483648",
                "s-maxage=10 | - | - | - | 3600",
                "max-age=60, s-maxage=10 | - | - | - | 60",
                "no-cache | - | - | - | 0",
                "no-cache=\"a, max-age=7\", max-age=60 | - | - | - | 0",
                "foo=\"max-age=7\", max-age=60 | - | - | - | 60",
                "private | - | - | - | 3600",
                "max-age=60 | - | - | 20 | 40",
                "max-age=60 | - | - | 61 | 0",
                "max-age=60 | - | - | old | 60",
                "- | Tue, 14 May 2024 11:02:00 GMT | - | - | 120",
                "- | Tue, 14 May 2024 11:02:00 GMT | Tue, 14 May 2024 11:01:00 GMT | - | 60",
                "- | Tue, 14 May 2024 10:00:00 GMT | - | - | 0",
                "- | 0 | - | - | 0",
                "- | Tue, 14 May 2024 11:02:00 GMT | yesterday | - | 0"
            })
    void aResponseSaysHowLongItIsFresh(String control, String expires, String date, String age, long seconds) {
        var headers = new HashMap<String, List<String>>();
        Map<String, String> said = new HashMap<>();
        said.put("cache-control", control);
        said.put("expires", expires);
        said.put("date", date);
        said.put("age", age);
        said.forEach((name, value) -> {
            if (value != null) {
                headers.put(name, List.of(value));
            }
        });

        long until = Freshness.fromResponse(Freshness.ttl(HOUR)).until(NOW, headers);

        assertThat(until - NOW).isEqualTo(seconds * 1000);
    }

    @Test
    void directivesMayComeInManyLines() {
        Map<String, List<String>> headers = Map.of("cache-control", List.of("public", "no-store", "must-revalidate"));

        assertThat(Freshness.fromResponse(Freshness.ttl(HOUR)).mayStore(headers))
                .isFalse();
        assertThat(Freshness.fromResponse(Freshness.ttl(HOUR)).mayBeStale(headers))
                .isFalse();
        assertThat(Freshness.ttl(HOUR).mayStore(headers)).isTrue();
        assertThat(Freshness.ttl(HOUR).mayBeStale(headers)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0009S"})
    void refusesTimesThatAreNone(Duration time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Freshness.ttl(time))
                .withMessageStartingWith("ttl must be at least a millisecond, was ");
        assertThatIllegalArgumentException().isThrownBy(() -> Freshness.buckets(time, NEW_YORK));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refusesFractionsThatAreNone(double fraction) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Freshness.ttl(HOUR).jitter(fraction))
                .withMessage("fraction must be from 0 to 1, was " + fraction);
    }

    @Test
    void aResponseThatDoesNotSayHasTheJitterOfTheFallback() {
        Freshness freshness = Freshness.fromResponse(Freshness.ttl(HOUR).jitter(0.5));

        assertThat(freshness.until(NOW, Map.of(), () -> 1)).isEqualTo(NOW + 1_800_000);
        assertThat(freshness.until(NOW, Map.of("cache-control", List.of("max-age=60")), () -> 1))
                .isEqualTo(NOW + 60_000);
    }

    @Test
    void aLongDirectiveIsReadToItsEnd() {
        String noise = "x=\"" + "a\\\"".repeat(50_000) + "\", y=\"" + "a".repeat(100_000);

        long until = Freshness.fromResponse(Freshness.ttl(HOUR))
                .until(NOW, Map.of("cache-control", List.of(noise + "\", max-age=60")));

        assertThat(until).isEqualTo(NOW + 60_000);
    }
}
