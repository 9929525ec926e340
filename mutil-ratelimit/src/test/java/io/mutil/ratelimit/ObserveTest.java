package io.mutil.ratelimit;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Mutations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What responses say about the rate. */
class ObserveTest {
    private final FakeTime time = new FakeTime("2026-03-01T12:00:00Z");
    private final RateLimit limit = time.limit(Rule.slidingWindow(1_000, ofSeconds(1)));

    private static Map<String, List<String>> headers(String text) {
        var headers = new HashMap<String, List<String>>();
        for (String line : text.split(" \\| ", -1)) {
            String[] parts = line.split(": ", 2);
            headers.put(parts[0], List.of(parts[1]));
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '\'',
            value = {
                // in seconds and as a date, in the three forms of RFC 9110
                "429 -> Retry-After: 30 -> PT30S",
                "429 -> retry-after: 30 -> PT30S",
                "503 -> Retry-After: 120 -> PT2M",
                "403 -> Retry-After: 60 -> PT1M",
                "429 -> Retry-After: 1.5 -> PT1.5S",
                "429 -> Retry-After: Sun, 01 Mar 2026 12:00:30 GMT -> PT30S",
                "503 -> Retry-After: Sunday, 01-Mar-26 12:01:00 GMT -> PT1M",
                "503 -> Retry-After: Sun Mar  1 12:01:00 2026 -> PT1M",
                "503 -> Retry-After: Sun, 01 Mar 2026 11:59:30 GMT -> PT0S",
                // by the server's own clock
                "503 -> Retry-After: Sun, 01 Mar 2026 14:00:30 GMT | Date: Sun, 01 Mar 2026 14:00:00 GMT -> PT30S",
                // not an error, or not about the rate
                "301 -> Retry-After: 30 -> PT0S",
                "503 -> Content-Length: 0 -> PT0S",
                "200 -> Retry-After: 30 -> PT0S",
                // nothing said at all
                "429 -> Content-Length: 0 -> PT1S",
                "429 -> Retry-After: soon -> PT1S",
                "429 -> Retry-After: -5 -> PT1S",
                // never longer than a day
                "429 -> Retry-After: 999999999999999 -> PT24H",
                "503 -> Retry-After: 9999999999999999 -> PT24H",
                // by an offset that should not be there
                "503 -> Retry-After: Sun, 01 Mar 2026 13:00:30 +0100 -> PT30S",
                // whichever is longer, however it is said twice
                "429 -> Retry-After: 30, 40 -> PT40S",
                "429 -> Retry-After: 30 | RETRY-AFTER: 20 -> PT30S",
                // three headers of the older drafts
                "200 -> RateLimit-Limit: 100 | RateLimit-Remaining: 0 | RateLimit-Reset: 40 -> PT40S",
                "200 -> RateLimit-Limit: 100, 100;w=60 | RateLimit-Remaining: 0 | RateLimit-Reset: 40 -> PT40S",
                "200 -> RateLimit-Remaining: 1 | RateLimit-Reset: 40 -> PT0S",
                "200 -> RateLimit-Remaining: 0 -> PT0S",
                "429 -> RateLimit-Remaining: 0 | RateLimit-Reset: 40 -> PT40S",
                // whichever is longer
                "429 -> Retry-After: 50 | RateLimit-Remaining: 0 | RateLimit-Reset: 40 -> PT50S",
                // draft 07
                "200 -> RateLimit: limit=100, remaining=0, reset=20 -> PT20S",
                "200 -> RateLimit: limit=100, remaining=5, reset=20 -> PT0S",
                // later drafts
                "200 -> RateLimit: \"default\";r=0;t=30 -> PT30S",
                "200 -> RateLimit: \"default\";r=5;t=30 -> PT0S",
                "200 -> RateLimit: \"permin\";r=3;t=9,\"perhr\";r=0;t=900 -> PT15M",
                "200 -> RateLimit: \"a,b;r=1\";r=0;t=30;pk=:cHdsRa894==: -> PT30S",
                "200 -> RateLimit: \"p\";r=0 | RateLimit-Policy: \"p\";q=100;w=60 -> PT1M",
                "200 -> RateLimit: \"p\";r=0 -> PT0S",
                "200 -> RateLimit: \"p\";r=0;t=5 | RateLimit-Policy: \"p\";q=9;qu=\"content-bytes\";w=60 -> PT0S",
                // malformed fields are ignored as a whole
                "200 -> RateLimit: \"default\";r=0;t=30, -> PT0S",
                "200 -> RateLimit: \"default;r=0;t=30 -> PT0S",
                "200 -> RateLimit: \"default\";r=-1;t=30 -> PT0S",
                // from the time before the drafts: seconds from now, since 1970, in milliseconds, or with a part
                "200 -> X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 40 -> PT40S",
                "403 -> X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1772366460 -> PT1M",
                "200 -> X-Rate-Limit-Remaining: 0 | X-Rate-Limit-Reset: 1772366460 -> PT1M",
                "200 -> X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1772366460000 -> PT1M",
                "200 -> X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1772366460.5 -> PT1M1S",
                "200 -> X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1772366400 -> PT0S",
                "200 -> X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 9 | X-RateLimit-Reset-After: 1.25 -> PT1.25S",
                "200 -> X-RateLimit-Remaining: 0 | X-RateLimit-Reset: tomorrow -> PT0S"
            })
    void holdsBackForAsLongAsTheResponseSays(int status, String headers, Duration held) {
        limit.observe(status, headers(headers));

        assertThat(limit.peek()).isEqualTo(held);
        assertThat(limit.stats().held()).isEqualTo(held);
    }

    @Test
    void whatIsLeftIsAllThatGoesUntilTheReset() {
        limit.observe(200, headers("RateLimit: \"permin\";r=3;t=9,\"perhr\";r=500;t=900"));

        assertThat(limit.stats().available()).isEqualTo(3);
        assertThat(limit.tryAcquire(3)).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
        time.advance(ofSeconds(9));
        assertThat(limit.stats().available()).isEqualTo(497);
        assertThat(limit.tryAcquire(497)).isTrue();
        assertThat(limit.peek()).isEqualTo(ofSeconds(891));
    }

    @Test
    void anAnswerToAnEarlierRequestRaisesNothing() {
        limit.observe(200, headers("RateLimit-Remaining: 3 | RateLimit-Reset: 9"));
        limit.tryAcquire(2);

        limit.observe(200, headers("RateLimit-Remaining: 3 | RateLimit-Reset: 9"));

        assertThat(limit.stats().available()).isEqualTo(1);
    }

    @Test
    void aNewWindowOfTheServerIsBelieved() {
        limit.observe(200, headers("RateLimit-Remaining: 1 | RateLimit-Reset: 9"));
        time.advance(ofSeconds(9));

        limit.observe(200, headers("RateLimit-Remaining: 100 | RateLimit-Reset: 9"));

        assertThat(limit.stats().available()).isEqualTo(100);
    }

    @Test
    void whatWasLeftOfAWindowIsNotCarriedIntoTheNext() {
        time.advance(ofMillis(59_300));
        limit.observe(200, headers("RateLimit-Remaining: 2 | RateLimit-Reset: 1"));
        time.advance(ofMillis(800));

        limit.observe(200, headers("RateLimit-Remaining: 99 | RateLimit-Reset: 60"));

        assertThat(limit.stats().available()).isEqualTo(2);
        time.advance(ofMillis(200));
        assertThat(limit.stats().available()).isEqualTo(99);
        time.advance(ofSeconds(60));
        assertThat(limit.stats().available()).isEqualTo(1_000);
    }

    /** As later drafts have it, where the time is that until there will be more. */
    @Test
    void aServerWhoseResetMovesOnWithEachResponseDoesNotStallSteadyTraffic() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(limit.tryAcquire()).isTrue();
            limit.observe(200, headers("RateLimit: \"default\";r=94;t=60"));
            time.advance(ofSeconds(10));
        }

        assertThat(limit.stats().available()).isGreaterThan(80);
    }

    /** A response for each of 20 requests in a second: many more than are kept apart. */
    @Test
    void responsesThatAreJoinedHoldBackALittleLongerButNeverLess() {
        for (int i = 0; i < 2_000; i++) {
            limit.observe(200, headers("RateLimit: \"default\";r=2000;t=60"));
            assertThat(limit.tryAcquire()).isTrue();
            time.advance(ofMillis(50));
        }

        // 2,000 a minute ago, and 1,200 taken since
        assertThat(limit.stats().available()).isBetween(600, 800);
        time.advance(ofMinutes(1));
        assertThat(limit.stats().available()).isEqualTo(1_000);
    }

    @Test
    void refusalsThatSayNothingHoldTwiceAsLongEachTimeUntilOneIsAccepted() {
        for (int seconds = 1; seconds <= 64; seconds *= 2) {
            limit.observe(429, Map.of());
            // one that was under way
            limit.observe(429, Map.of());
            assertThat(limit.peek()).isEqualTo(ofSeconds(seconds));
            time.advance(ofSeconds(seconds));
        }
        limit.observe(429, Map.of());
        assertThat(limit.peek()).isEqualTo(ofSeconds(64));
        time.advance(ofSeconds(64));

        limit.observe(200, Map.of());
        limit.observe(429, Map.of());

        assertThat(limit.peek()).isEqualTo(ofSeconds(1));
    }

    @Test
    void whoWaitsIsHeldBackToo() {
        RateLimit one = time.limit(Rule.slidingWindow(1, ofSeconds(1)));
        one.tryAcquire();
        CompletableFuture<Duration> next = one.acquireAsync();

        one.observe(429, headers("Retry-After: 5"));
        time.advance(ofMillis(4_999));

        assertThat(next).isNotDone();
        time.advance(ofMillis(1));
        assertThat(next).isCompletedWithValue(ofSeconds(5));
    }

    @Test
    void theRulesStayWhateverTheServerAllows() {
        RateLimit one = time.limit(Rule.slidingWindow(1, ofSeconds(1)));
        one.observe(200, headers("RateLimit-Remaining: 1000 | RateLimit-Reset: 9"));

        assertThat(one.tryAcquire()).isTrue();
        assertThat(one.tryAcquire()).isFalse();
    }

    @Test
    void oneResponseHoldsNoLongerThanWasChosen() {
        RateLimit patient = time.builder(Rule.slidingWindow(1, ofSeconds(1)))
                .longestHold(ofHours(1))
                .build();

        patient.observe(503, headers("Retry-After: 86400"));

        assertThat(patient.peek()).isEqualTo(ofHours(1));
    }

    @Test
    void whatTheServerSaidOutlastsAChangeOfTheRules() {
        limit.observe(429, headers("Retry-After: 5"));

        limit.change(Rule.slidingWindow(7, ofSeconds(1)));

        assertThat(limit.peek()).isEqualTo(ofSeconds(5));
    }

    @Test
    void policiesBeyondAFewAreIgnored() {
        for (int i = 0; i < 1_000; i++) {
            limit.observe(200, headers("RateLimit: \"policy-" + i + "\";r=" + (500 - i % 8) + ";t=60"));
        }

        assertThat(limit.stats().available()).isEqualTo(493);
        assertThat(limit.peek(494)).isEqualTo(ofSeconds(60));
    }

    @Test
    void headersThatComeTwiceHoldForTheLongerOne() {
        limit.observe(503, Map.of("Retry-After", List.of("30", "Sun, 01 Mar 2026 12:00:50 GMT", "40")));
        assertThat(limit.peek()).isEqualTo(ofSeconds(50));

        time.advance(ofSeconds(50));
        limit.observe(200, Map.of("RateLimit-Remaining", List.of("7", "5"), "RateLimit-Reset", List.of("9", "8")));

        assertThat(limit.stats().available()).isEqualTo(5);
        assertThat(limit.peek(6)).isEqualTo(ofSeconds(9));
    }

    @Test
    void theStatusLineOfUrlConnectionsIsNoHeader() {
        var headers = new HashMap<String, List<String>>(headers("Retry-After: 30"));
        headers.put(null, List.of("HTTP/1.1 429 Too Many Requests"));

        limit.observe(429, headers);

        assertThat(limit.peek()).isEqualTo(ofSeconds(30));
    }

    @Test
    void whateverTheServerSendsNothingFailsAndNothingHoldsLongerThanADay() {
        var random = new Random(7);
        List<Map.Entry<String, String>> samples = List.of(
                entry("Retry-After", "Sun, 01 Mar 2026 12:00:30 GMT"),
                entry("Retry-After", "120"),
                entry("RateLimit", "\"permin\";r=3;t=9;pk=:cHdsRa894==:,\"perhr\";r=0;t=900"),
                entry("RateLimit", "limit=100, remaining=0, reset=20"),
                entry("RateLimit-Policy", "\"p\";q=9;qu=\"content-bytes\";w=60"),
                entry("X-RateLimit-Reset", "1772366460.5"),
                entry("RateLimit-Remaining", "0"),
                entry("RateLimit-Reset", "40"));

        for (int i = 0; i < 800; i++) {
            var headers = new TreeMap<String, List<String>>();
            for (int j = 0; j < 3; j++) {
                Map.Entry<String, String> sample = samples.get(random.nextInt(samples.size()));
                byte[] text = sample.getValue().getBytes(StandardCharsets.ISO_8859_1);
                String damaged =
                        new String(Mutations.damaged(text, random.nextInt(3), random), StandardCharsets.ISO_8859_1);
                headers.put(sample.getKey(), List.of(damaged));
            }
            limit.observe(429, headers);
            assertThat(limit.peek()).as("%s", headers).isLessThanOrEqualTo(ofDays(1));
        }
    }
}
