package io.mutil.cache;

import static io.mutil.cache.CacheFixture.KEY;
import static io.mutil.cache.CacheFixture.TTL;
import static io.mutil.cache.CacheFixture.failure;
import static io.mutil.cache.CacheFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are due: confirmed, served beside a fetch, or served since it failed. */
class StaleTest {
    private static final Map<String, List<String>> TAGGED = Map.of("ETag", List.of("\"1\""));

    private static CacheFixture staleIfError() {
        return new CacheFixture(choices -> choices.staleIfError(Duration.ofHours(1)));
    }

    private static CacheFixture staleWhileRevalidate() {
        return new CacheFixture(choices -> choices.staleWhileRevalidate(Duration.ofMinutes(1)));
    }

    @Test
    void anAnswerThatTheOriginConfirmsIsFreshAgain() throws Exception {
        var fixture = new CacheFixture();
        fixture.origin.says(200, TAGGED, "hello");
        fixture.get();
        fixture.clock.advance(TTL.plusSeconds(1));

        Answer confirmed = fixture.get();
        fixture.clock.advance(Duration.ofSeconds(2));
        Answer next = fixture.get();

        assertThat(confirmed.text()).isEqualTo("hello");
        assertThat(confirmed.source()).isEqualTo(Source.NETWORK);
        assertThat(confirmed.age()).isZero();
        assertThat(next.source()).isEqualTo(Source.MEMORY);
        assertThat(next.age()).isEqualTo(Duration.ofSeconds(2));
        assertThat(fixture.origin.calls).hasSize(2);
        assertThat(fixture.origin.last().known().etag()).contains("\"1\"");
        assertThat(fixture.cache.stats().revalidations()).isEqualTo(1);
    }

    @Test
    void aConfirmationLastsBeyondTheProcess() throws Exception {
        var fixture = new CacheFixture();
        fixture.origin.says(200, TAGGED, "hello");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.get();

        assertThat(fixture.open().get(KEY, fixture.origin).source()).isEqualTo(Source.DISK);
        assertThat(fixture.origin.calls).hasSize(2);
    }

    @Test
    void anAnswerOfAnEarlierLifeIsConfirmedToo() throws Exception {
        var fixture = new CacheFixture();
        fixture.origin.says(200, TAGGED, "hello");
        fixture.get();
        fixture.clock.advance(Duration.ofDays(29));

        assertThat(fixture.open().get(KEY, fixture.origin).text()).isEqualTo("hello");
        assertThat(fixture.cache.stats().fetches()).isEqualTo(1);
        assertThat(fixture.origin.last().known().etag()).isPresent();
    }

    @Test
    void aConfirmationBringsNewHeaders() throws Exception {
        var fixture = new CacheFixture(choices -> choices.keepHeaders("X-Version"));
        fixture.origin.says(200, Map.of("etag", List.of("1"), "x-version", List.of("1")), "hello");
        fixture.get();
        fixture.clock.advance(TTL);
        CompletableFuture<Answer> answer = fixture.cache.getAsync(KEY, fixture.origin.waits());

        fixture.origin.last().answer().complete(new Fetched(304, Map.of("X-Version", List.of("2"))));

        assertThat(answer.join().header("X-Version")).contains("2");
        assertThat(answer.join().header("ETag")).contains("1");
    }

    @Test
    void aDueAnswerIsServedWhileItIsFetchedAgain() throws Exception {
        CacheFixture fixture = staleWhileRevalidate();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL.plusSeconds(59));
        fixture.origin.waits();

        Answer stale = fixture.get();
        Answer again = fixture.get();
        assertThat(fixture.origin.calls).hasSize(2);
        fixture.origin.last().answer("new");

        assertThat(stale.text()).isEqualTo("old");
        assertThat(stale.source()).isEqualTo(Source.STALE);
        assertThat(stale.age()).isEqualTo(TTL.plusSeconds(59));
        assertThat(again.source()).isEqualTo(Source.STALE);
        assertThat(fixture.get().text()).isEqualTo("new");
        assertThat(fixture.cache.stats().staleAnswers()).isEqualTo(2);
        assertThat(fixture.cache.stats().waiting()).isZero();
    }

    @Test
    void afterThatTimeCallersWait() throws Exception {
        CacheFixture fixture = staleWhileRevalidate();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL.plusMinutes(1));
        fixture.origin.says("new");

        assertThat(fixture.get().text()).isEqualTo("new");
    }

    @Test
    void aDueAnswerOfAnEarlierLifeIsServedToo() throws Exception {
        CacheFixture fixture = staleWhileRevalidate();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.origin.says("new");

        FetchCache later = fixture.open();

        assertThat(later.get(KEY, fixture.origin).source()).isEqualTo(Source.STALE);
        assertThat(later.get(KEY, fixture.origin).text()).isEqualTo("new");
    }

    @Test
    void aRefreshBesideThatFailsIsTriedAgain() throws Exception {
        CacheFixture fixture = staleWhileRevalidate();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL);

        fixture.origin.refuses(503);
        assertThat(fixture.get().text()).isEqualTo("old");
        fixture.clock.advance(Duration.ofSeconds(1));
        fixture.origin.says("new");
        assertThat(fixture.get().text()).isEqualTo("old");

        assertThat(fixture.get().text()).isEqualTo("new");
    }

    @Test
    void anOriginThatRefusesAtOnceIsNotAskedByEachCaller() throws Exception {
        CacheFixture fixture = staleWhileRevalidate();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.origin.refuses(503);

        for (int i = 0; i < 100; i++) {
            assertThat(fixture.get().text()).isEqualTo("old");
            fixture.clock.advance(Duration.ofMillis(25));
        }

        assertThat(fixture.origin.calls).hasSize(1 + 3);
        assertThat(fixture.cache.stats().waiting()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 408, 429})
    void aDueAnswerStandsInWhenTheOriginIsInTrouble(int status) throws Exception {
        CacheFixture fixture = staleIfError();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL.plusMinutes(59));
        fixture.origin.refuses(status);

        Answer answer = fixture.get();

        assertThat(answer.text()).isEqualTo("old");
        assertThat(answer.source()).isEqualTo(Source.STALE);
    }

    @Test
    void aDueAnswerStandsInWhenTheOriginCannotBeReachedOrIsTooSlow() throws Exception {
        CacheFixture fixture = staleIfError();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL);

        fixture.origin.fails(new IOException("no route"));
        assertThat(fixture.get().text()).isEqualTo("old");

        fixture.origin.waits();
        CompletableFuture<Answer> slow = fixture.getAsync();
        fixture.alarms.ringAll();
        assertThat(text(slow)).isEqualTo("old");
        assertThat(fixture.cache.stats().staleAnswers()).isEqualTo(2);
    }

    @Test
    void aDueAnswerOfAnEarlierLifeStandsInEvenIfTheFetchHadNoTurnYet() throws Exception {
        var fixture = new CacheFixture(
                choices -> choices.staleIfError(Duration.ofHours(1)).maxFetches(1));
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL);
        FetchCache later = fixture.open();
        CompletableFuture<Answer> first = later.getAsync(Key.of("another"), new FakeOrigin());

        CompletableFuture<Answer> second = later.getAsync(KEY, fixture.origin);
        assertThat(second).isNotDone();
        fixture.alarms.ringAll();

        assertThat(failure(first)).hasMessageContaining("no answer within PT30S");
        assertThat(text(second)).isEqualTo("old");
    }

    @Test
    void nothingStandsInBeyondItsLimit() throws Exception {
        CacheFixture fixture = staleIfError();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL.plusHours(1));
        fixture.origin.refuses(503);

        assertThatExceptionOfType(FetchFailedException.class).isThrownBy(fixture::get);
    }

    @Test
    void nothingStandsInThatTheOriginForbade() throws Exception {
        var fixture = new CacheFixture(choices -> choices.freshness(Freshness.fromResponse(Freshness.ttl(TTL)))
                .staleIfError(Duration.ofHours(1))
                .staleWhileRevalidate(Duration.ofHours(1)));
        fixture.origin.says(200, Map.of("Cache-Control", List.of("max-age=10, must-revalidate")), "old");
        fixture.get();
        fixture.clock.advance(Duration.ofSeconds(10));
        fixture.origin.refuses(503);

        assertThat(failure(fixture.getAsync()).status()).isEqualTo(503);
    }

    @Test
    void nothingIsServedStaleThatAClockStoredWhichHasGoneBackSince() throws Exception {
        var fixture = new CacheFixture(
                choices -> choices.staleIfError(Duration.ofHours(1)).staleWhileRevalidate(Duration.ofHours(1)));
        fixture.origin.says("of the future");
        fixture.get();
        fixture.clock.advance(Duration.ofDays(-1));
        fixture.origin.refuses(503);

        assertThat(failure(fixture.getAsync()).status()).isEqualTo(503);
    }

    @Test
    void aConfirmationThatMustNotBeStoredRenewsNothing() throws Exception {
        var fixture = new CacheFixture(choices -> choices.freshness(Freshness.fromResponse(Freshness.ttl(TTL))));
        fixture.origin.says(200, TAGGED, "hello");
        fixture.get();
        fixture.clock.advance(TTL);
        CompletableFuture<Answer> answer = fixture.cache.getAsync(KEY, fixture.origin.waits());

        fixture.origin.last().answer().complete(new Fetched(304, Map.of("Cache-Control", List.of("no-store"))));

        assertThat(text(answer)).isEqualTo("hello");
        assertThat(fixture.cache.contains(KEY)).isFalse();
        assertThat(fixture.open().contains(KEY)).isFalse();
    }

    @Test
    void aLargeAnswerCanBeReadThoughItIsReplacedMeanwhile() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3).staleWhileRevalidate(Duration.ofMinutes(1)));
        fixture.origin.says("old and large");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.origin.says("new and large");

        Answer stale = fixture.get();
        Answer fresh = fixture.get();
        fixture.cache.invalidate(KEY);

        assertThat(stale.text()).isEqualTo("old and large");
        assertThat(fresh.text()).isEqualTo("new and large");
        assertThatExceptionOfType(IOException.class).isThrownBy(stale::text);
    }

    @Test
    void aConfirmationKeepsTheLengthOfTheBody() throws Exception {
        var fixture = new CacheFixture();
        fixture.origin.says(200, Map.of("ETag", List.of("1"), "Content-Length", List.of("5")), "hello");
        fixture.get();
        fixture.clock.advance(TTL);
        CompletableFuture<Answer> answer = fixture.cache.getAsync(KEY, fixture.origin.waits());

        fixture.origin.last().answer().complete(new Fetched(304, Map.of("Content-Length", List.of("0"))));

        assertThat(answer.join().header("Content-Length")).contains("5");
    }
}
