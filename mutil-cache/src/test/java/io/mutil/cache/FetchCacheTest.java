package io.mutil.cache;

import static io.mutil.cache.CacheFixture.KEY;
import static io.mutil.cache.CacheFixture.TTL;
import static io.mutil.cache.CacheFixture.failure;
import static io.mutil.cache.CacheFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What comes from where, and who waits for whom. */
class FetchCacheTest {
    private final CacheFixture fixture = new CacheFixture();
    private final FakeOrigin origin = fixture.origin;
    private final FetchCache cache = fixture.cache;

    @Test
    void fetchesOnceAndAnswersFromMemory() throws Exception {
        origin.says("hello");

        Answer first = fixture.get();
        fixture.clock.advance(Duration.ofSeconds(7));
        Answer second = fixture.get();

        assertThat(first.text()).isEqualTo("hello");
        assertThat(first.source()).isEqualTo(Source.NETWORK);
        assertThat(first.age()).isZero();
        assertThat(second.text()).isEqualTo("hello");
        assertThat(second.source()).isEqualTo(Source.MEMORY);
        assertThat(second.age()).isEqualTo(Duration.ofSeconds(7));
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void answersFromTheDiskOfAnEarlierLife() throws Exception {
        origin.says(200, Map.of("Content-Type", List.of("text/plain; charset=ISO-8859-1")), "hello");
        fixture.get();

        FetchCache later = fixture.open();
        fixture.clock.advance(Duration.ofSeconds(7));
        Answer answer = later.get(KEY, origin);

        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.source()).isEqualTo(Source.DISK);
        assertThat(answer.age()).isEqualTo(Duration.ofSeconds(7));
        assertThat(answer.header("content-TYPE")).contains("text/plain; charset=ISO-8859-1");
        assertThat(later.get(KEY, origin).source()).isEqualTo(Source.MEMORY);
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void asksAgainWhenItIsDue() throws Exception {
        origin.says("old");
        fixture.get();
        origin.says("new");

        fixture.clock.advance(TTL.minusMillis(1));
        assertThat(fixture.get().text()).isEqualTo("old");

        fixture.clock.advance(Duration.ofMillis(1));
        assertThat(fixture.get().text()).isEqualTo("new");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void callersOfOneKeyShareOneFetch() throws Exception {
        CompletableFuture<Answer> first = fixture.getAsync();
        CompletableFuture<Answer> second = fixture.getAsync();
        CompletableFuture<Answer> other = cache.getAsync(Key.of("another"), new FakeOrigin().says("else"));
        assertThat(first).isNotDone();
        assertThat(text(other)).isEqualTo("else");

        origin.last().answer("hello");

        assertThat(text(first)).isEqualTo("hello");
        assertThat(text(second)).isEqualTo("hello");
        assertThat(origin.calls).hasSize(1);
        assertThat(cache.stats().joins()).isEqualTo(1);
        assertThat(cache.stats().misses()).isEqualTo(3);
    }

    @Test
    void aCallerWhoCancelsLeavesTheOthersAlone() throws Exception {
        CompletableFuture<Answer> first = fixture.getAsync();
        CompletableFuture<Answer> second = fixture.getAsync();

        first.cancel(true);
        origin.last().answer("hello");

        assertThat(first).isCancelled();
        assertThat(text(second)).isEqualTo("hello");
    }

    @Test
    void theLastCallerWhoCancelsCancelsTheFetch() throws Exception {
        CompletableFuture<Answer> first = fixture.getAsync();
        CompletableFuture<Answer> second = fixture.getAsync();

        first.cancel(true);
        assertThat(origin.last().answer()).isNotDone();
        second.completeExceptionally(new TimeoutException("the caller's own"));

        assertThat(origin.last().answer()).isCancelled();
        assertThat(cache.stats().fetching()).isZero();
        assertThat(cache.stats().waiting()).isZero();
        assertThat(fixture.alarms.set()).isZero();
        assertThat(fixture.disk.leases).isZero();
    }

    @Test
    void whoComesAfterACancelledFetchBeginsAnother() throws Exception {
        fixture.getAsync().cancel(true);

        CompletableFuture<Answer> next = fixture.getAsync();
        origin.last().answer("hello");

        assertThat(text(next)).isEqualTo("hello");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void whatACancelledFetchStillWritesIsRefused() {
        fixture.getAsync().cancel(true);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> origin.last().body().write(java.nio.ByteBuffer.allocate(1)))
                .withMessage("nobody waits for this body any more");
    }

    @Test
    void aFetchThatTakesTooLongFailsAllWhoWait() {
        CompletableFuture<Answer> first = fixture.getAsync();
        CompletableFuture<Answer> second = fixture.getAsync();

        fixture.alarms.ringAll();

        assertThat(failure(first).status()).isZero();
        assertThat(failure(second)).hasRootCauseMessage("no answer within PT30S");
        assertThat(origin.last().answer()).isCancelled();
        assertThat(cache.stats().fetching()).isZero();
        assertThat(cache.stats().failures()).isEqualTo(1);
    }

    @Test
    void aFailureIsNotKept() throws Exception {
        origin.fails(new IOException("no route"));
        assertThat(failure(fixture.getAsync())).hasRootCauseMessage("no route");

        origin.refuses(503);
        assertThatExceptionOfType(FetchFailedException.class)
                .isThrownBy(fixture::get)
                .matches(e -> e.status() == 503)
                .withMessageContaining("status 503");

        origin.says("hello");
        assertThat(fixture.get().text()).isEqualTo("hello");
    }

    @Test
    void aFunctionThatThrowsIsAFailure() {
        var broken = new IllegalArgumentException("its own fault");

        CompletableFuture<Answer> answer = cache.getAsync(KEY, (known, body) -> {
            throw broken;
        });

        assertThat(failure(answer)).hasCause(broken);
        assertThat(cache.stats().fetching()).isZero();
    }

    @Test
    void aSimpleFunctionGivesBytes() throws Exception {
        Fetch bytes = Fetch.ofBytes(() -> CompletableFuture.completedFuture(new byte[] {1, 2, 3}));

        Answer answer = cache.get(KEY, bytes);

        assertThat(answer.bytes()).containsExactly(1, 2, 3);
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void aSimpleFunctionIsCancelledWhenNobodyWaits() {
        var bytes = new CompletableFuture<byte[]>();
        CompletableFuture<Answer> answer = cache.getAsync(KEY, Fetch.ofBytes(() -> bytes));

        answer.cancel(true);

        assertThat(bytes).isCancelled();
    }

    @Test
    void aChangedArrayDoesNotChangeTheAnswerOfOthers() throws Exception {
        origin.says("hello");

        fixture.get().bytes()[0] = 'j';

        assertThat(fixture.get().text()).isEqualTo("hello");
    }

    @Test
    void aRefreshAsksWhateverIsThere() throws Exception {
        origin.says("old");
        fixture.get();
        origin.says("new");

        Answer answer = cache.get(KEY, origin, Options.DEFAULT.refresh());

        assertThat(answer.text()).isEqualTo("new");
        assertThat(fixture.get().text()).isEqualTo("new");
        assertThat(fixture.open().get(KEY, origin).text()).isEqualTo("new");
    }

    @Test
    void aCallMayAskForAnotherFreshness() throws Exception {
        origin.says("old");
        fixture.get();
        fixture.clock.advance(Duration.ofMinutes(2));
        origin.says("new");

        Options strict = Options.DEFAULT.freshness(Freshness.ttl(Duration.ofMinutes(2)));
        Options lax = Options.DEFAULT.freshness(Freshness.ttl(Duration.ofHours(1)));

        assertThat(fixture.get().text()).isEqualTo("old");
        assertThat(cache.get(KEY, origin, strict).text()).isEqualTo("new");
        fixture.clock.advance(Duration.ofMinutes(30));
        assertThat(cache.get(KEY, origin, lax).text()).isEqualTo("new");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void whatIsForgottenIsFetchedAgain() throws Exception {
        origin.says("old");
        fixture.get();
        origin.says("new");

        cache.invalidate(KEY);
        assertThat(cache.cached(KEY)).isEmpty();
        assertThat(fixture.get().text()).isEqualTo("new");

        cache.invalidateAll();
        assertThat(fixture.disk.files).isEmpty();
        assertThat(cache.contains(KEY)).isFalse();
    }

    @Test
    void aFetchThatWasBegunBeforeAnInvalidationIsBegunAgain() throws Exception {
        CompletableFuture<Answer> before = fixture.getAsync();
        cache.invalidate(KEY);
        CompletableFuture<Answer> after = fixture.getAsync();

        origin.calls.get(0).answer("old");
        assertThat(before).isNotDone();
        origin.calls.get(1).answer("new");

        assertThat(text(before)).isEqualTo("new");
        assertThat(text(after)).isEqualTo("new");
        assertThat(fixture.get().text()).isEqualTo("new");
    }

    @Test
    void tellsWhatIsStoredWithoutAsking() throws Exception {
        origin.says(200, Map.of("etag", List.of("1")), "hello");
        assertThat(cache.cached(KEY)).isEmpty();
        assertThat(cache.contains(KEY)).isFalse();
        fixture.get();

        assertThat(cache.cached(KEY).map(Answer::source)).contains(Source.MEMORY);
        assertThat(fixture.open().cached(KEY).map(Answer::source)).contains(Source.DISK);
        assertThat(cache.contains(KEY)).isTrue();

        fixture.clock.advance(TTL);
        assertThat(cache.cached(KEY).map(Answer::source)).contains(Source.STALE);
        assertThat(cache.contains(KEY)).isFalse();
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void aClockThatGoesBackMakesNoNegativeAge() throws Exception {
        origin.says("old");
        fixture.get();
        origin.says("new");

        fixture.clock.advance(Duration.ofSeconds(-59));
        Answer within = fixture.get();
        assertThat(within.text()).isEqualTo("old");
        assertThat(within.age()).isZero();

        fixture.clock.advance(Duration.ofSeconds(-2));
        assertThat(fixture.get().text()).isEqualTo("new");
    }

    @Test
    void aFetchThatIsSlowerThanItsIntervalNeitherPilesUpNorBlocksExpiry() throws Exception {
        CompletableFuture<Answer> slow = fixture.getAsync();
        fixture.clock.advance(TTL.multipliedBy(2));
        CompletableFuture<Answer> joined = fixture.getAsync();
        assertThat(origin.calls).hasSize(1);
        origin.last().answer("first");
        assertThat(text(slow)).isEqualTo("first");
        assertThat(text(joined)).isEqualTo("first");

        origin.says("second");

        assertThat(fixture.get().text()).isEqualTo("second");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void anInterruptedCallerCancels() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(fixture::get);

        assertThat(origin.last().answer()).isCancelled();
        assertThat(cache.stats().waiting()).isZero();
    }

    @Test
    void aHitThatIsAsynchronousIsCompleteAlready() throws Exception {
        origin.says("hello");
        fixture.get();

        assertThat(text(fixture.getAsync())).isEqualTo("hello");
        assertThat(cache.stats().memoryHits()).isEqualTo(1);
    }

    @Test
    void afterItsEndItRefusesCallsAndFailsThoseThatWait() {
        CompletableFuture<Answer> waits = fixture.getAsync();

        cache.close();
        cache.close();

        assertThat(failure(waits)).hasMessageEndingWith("could not be fetched: the cache was closed");
        assertThat(origin.last().answer()).isCancelled();
        assertThat(fixture.disk.closed).isTrue();
        assertThat(fixture.alarms.set()).isZero();
        assertThatIllegalStateException().isThrownBy(fixture::get).withMessageContaining("open another one");
        assertThatIllegalStateException().isThrownBy(fixture::getAsync);
        assertThatIllegalStateException().isThrownBy(() -> cache.invalidate(KEY));
        assertThatIllegalStateException().isThrownBy(() -> cache.cached(KEY));
    }

    @Test
    void aFetchThatWaitsWhenTheFutureIsCancelledIsNotMistakenForAFailure() {
        CompletableFuture<Answer> waits = fixture.getAsync();

        waits.cancel(true);

        assertThatExceptionOfType(CancellationException.class).isThrownBy(waits::join);
        assertThat(cache.stats().failures()).isZero();
    }

    @Test
    void aCallMayAskForALongerTimeAlsoOfWhatLiesOnTheDiskOnly() throws Exception {
        origin.says("old");
        fixture.get();
        fixture.clock.advance(Duration.ofMinutes(50));
        Options lax = Options.DEFAULT.freshness(Freshness.ttl(Duration.ofHours(1)));

        FetchCache later = fixture.open();

        assertThat(later.get(KEY, origin, lax).text()).isEqualTo("old");
        assertThat(origin.calls).hasSize(1);
        assertThat(later.get(KEY, origin.says("new")).text()).isEqualTo("new");
    }
}
