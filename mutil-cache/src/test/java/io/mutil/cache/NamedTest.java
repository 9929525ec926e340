package io.mutil.cache;

import static io.mutil.cache.CacheFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers with a name: their files have that name and the day. */
class NamedTest {
    private static final Key KEY = Key.named("symbols");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private final CacheFixture fixture = new CacheFixture(
            choices -> choices.freshness(Freshness.endOfDay(NEW_YORK)).staleIfError(Duration.ofDays(3)));
    private final FakeOrigin origin = fixture.origin;
    private final FetchCache cache = fixture.cache;

    @Test
    void aNewDayHasANewFileAndTheOldOneGoesWhenItIsThere() throws Exception {
        cache.get(KEY, origin.says("monday"));
        assertThat(fixture.disk.files).containsOnlyKeys("symbols-2024-05-14");

        fixture.clock.advance(Duration.ofDays(1));
        CompletableFuture<Answer> next = cache.getAsync(KEY, origin.waits());
        assertThat(fixture.disk.files).containsOnlyKeys("symbols-2024-05-14");
        origin.last().answer("tuesday");

        assertThat(next.join().text()).isEqualTo("tuesday");
        assertThat(fixture.disk.files).containsOnlyKeys("symbols-2024-05-15");
    }

    @Test
    void anAnswerBelongsToTheDayOnWhichItWasAskedFor() throws Exception {
        fixture.clock.set("2024-05-15T03:59:59Z");
        CompletableFuture<Answer> late = cache.getAsync(KEY, origin);
        fixture.clock.set("2024-05-15T04:00:01Z");
        origin.last().answer("monday");

        assertThat(late.join().text()).isEqualTo("monday");
        assertThat(cache.get(KEY, origin.says("tuesday")).text()).isEqualTo("tuesday");
        assertThat(fixture.disk.files).containsOnlyKeys("symbols-2024-05-15");
    }

    @Test
    void yesterdaysAnswerIsConfirmedForToday() throws Exception {
        cache.get(KEY, origin.says(200, Map.of("etag", List.of("1")), "hello"));
        fixture.clock.advance(Duration.ofDays(1));

        Answer answer = fixture.open().get(KEY, origin);

        assertThat(answer.text()).isEqualTo("hello");
        assertThat(origin.last().known().etag()).contains("1");
        assertThat(fixture.disk.files).containsOnlyKeys("symbols-2024-05-15");
    }

    @Test
    void yesterdaysAnswerStandsInAfterARestart() throws Exception {
        cache.get(KEY, origin.says("monday"));
        fixture.clock.advance(Duration.ofDays(1));

        Answer answer = fixture.open().get(KEY, origin.refuses(503));

        assertThat(answer.text()).isEqualTo("monday");
        assertThat(answer.source()).isEqualTo(Source.STALE);
    }

    @Test
    void bucketsWithinADayFollowOneAnother() throws Exception {
        Options buckets = Options.DEFAULT.freshness(Freshness.buckets(Duration.ofMinutes(20), NEW_YORK));
        cache.get(KEY, origin.says("one"), buckets);
        String first = fixture.disk.files.keySet().iterator().next();
        fixture.clock.advance(Duration.ofMinutes(20));

        cache.get(KEY, origin.says("two"), buckets);

        long bucket = FakeClock.START / 1000 / 1200;
        assertThat(first).isEqualTo("symbols-2024-05-14-" + bucket);
        assertThat(fixture.disk.files).containsOnlyKeys("symbols-2024-05-14-" + (bucket + 1));
    }

    @Test
    void aRuleWithoutDaysHasTheNameAlone() throws Exception {
        Options ttl = Options.DEFAULT.freshness(Freshness.ttl(Duration.ofHours(1)));

        cache.get(KEY, origin.says("hello"), ttl);

        assertThat(fixture.disk.files).containsOnlyKeys("symbols");
    }

    @Test
    void forgettingANameForgetsAllItsFiles() throws Exception {
        cache.get(KEY, origin.says("day"));
        cache.get(KEY, origin, Options.DEFAULT.refresh().freshness(Freshness.ttl(Duration.ofHours(1))));
        cache.get(Key.named("symbols-of-others"), origin);
        assertThat(fixture.disk.files).hasSize(3);

        cache.invalidate(KEY);

        assertThat(fixture.disk.files).containsOnlyKeys("symbols-of-others-2024-05-14");
    }

    @Test
    void usersWithTheSameNameDoNotGetEachOthersAnswers() throws Exception {
        Key alice = cache.keyOf("symbols", request("alice"));
        Key bob = cache.keyOf("symbols", request("bob"));
        cache.get(alice, origin.says("for alice"));

        assertThat(cache.get(bob, origin.says("for bob")).text()).isEqualTo("for bob");
        assertThat(fixture.open().get(alice, origin.says("for alice again")).text())
                .isEqualTo("for alice again");
        assertThat(failure(fixture.open().getAsync(bob, origin.refuses(503))).status())
                .isEqualTo(503);
    }

    private static HttpRequest request(String user) {
        return HttpRequest.newBuilder(URI.create("http://example.org/a"))
                .header("Authorization", user)
                .build();
    }

    @Test
    void theMarkOfItsOwnerIsNoHeader() throws Exception {
        cache.get(KEY, origin.says(200, Map.of("etag", List.of("1")), "hello"));

        assertThat(fixture.open().get(KEY, origin).headers()).containsOnlyKeys("etag");
    }

    @Test
    void aConfirmationForOneUserDoesNotGiveThemTheBodyOfAnother() throws Exception {
        Options ttl = Options.DEFAULT.freshness(Freshness.ttl(Duration.ofMinutes(5)));
        Key alice = cache.keyOf("me", request("alice"));
        Key bob = cache.keyOf("me", request("bob"));
        Map<String, List<String>> tag = Map.of("etag", List.of("1"));
        var origin = new FakeOrigin().says(200, tag, "body of alice");
        cache.get(alice, origin, ttl);
        cache.get(bob, new FakeOrigin().says(200, tag, "body of bob"), ttl);
        fixture.clock.advance(Duration.ofMinutes(6));

        Answer confirmed = cache.get(alice, origin, ttl);

        assertThat(origin.last().answer().join().status()).isEqualTo(304);
        assertThat(confirmed.text()).isEqualTo("body of alice");
        assertThat(fixture.open().get(alice, origin, ttl).text()).isEqualTo("body of alice");
    }

    @Test
    void usersOfOneNameDoNotWaitForEachOther() {
        Key alice = cache.keyOf("me", request("alice"));
        Key bob = cache.keyOf("me", request("bob"));

        var unusedAlice = cache.getAsync(alice, origin);
        var unusedBob = cache.getAsync(bob, origin);

        assertThat(fixture.disk.locked).hasSize(2).doesNotHaveDuplicates();
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void forgettingANameForgetsWhatAnotherProcessStored(@TempDir Path directory) throws Exception {
        try (FetchCache one = FetchCache.open(directory);
                FetchCache other = FetchCache.open(directory)) {
            other.get(KEY, Fetch.ofBytes(() -> CompletableFuture.completedFuture(new byte[] {1})));

            one.invalidate(KEY);

            Fetch again = Fetch.ofBytes(() -> CompletableFuture.completedFuture(new byte[] {2}));
            assertThat(one.get(KEY, again).bytes()).containsExactly(2);
        }
    }
}
