package io.mutil.cache;

import static io.mutil.cache.CacheFixture.KEY;
import static io.mutil.cache.CacheFixture.TTL;
import static io.mutil.cache.CacheFixture.failure;
import static io.mutil.cache.CacheFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies, broken disks, and how much of everything there may be. */
class BoundsTest {
    private static final String LARGE = "x".repeat(2000);

    private static CacheFixture small() {
        return new CacheFixture(choices ->
                choices.memoryEntry(1000).memory(10_000).maxBodyBytes(100_000).memoryWithoutDisk(10_000));
    }

    @Test
    void aLargeBodyIsReadFromTheDisk() throws Exception {
        CacheFixture fixture = small();

        Answer fetched = fixture.cache.get(KEY, fixture.origin.says(LARGE));
        Answer stored = fixture.get();

        assertThat(fetched.text()).isEqualTo(LARGE);
        assertThat(fetched.source()).isEqualTo(Source.NETWORK);
        assertThat(stored.source()).isEqualTo(Source.DISK);
        assertThat(stored.length()).isEqualTo(2000);
        assertThat(stored.stream()).hasContent(LARGE);
        assertThat(stored.stream()).hasContent(LARGE);
        assertThat(fixture.cache.stats().memoryEntries()).isZero();
        assertThat(fixture.disk.sinks).isZero();
    }

    @Test
    void aSmallBodyTakesThePlaceOfALargeOneAndBack() throws Exception {
        CacheFixture fixture = small();
        for (String text : List.of("small", LARGE, "small again", LARGE + "y")) {
            fixture.origin.says(text);

            fixture.cache.get(KEY, fixture.origin, Options.DEFAULT.refresh());

            assertThat(fixture.get().text()).isEqualTo(text);
            assertThat(fixture.open().get(KEY, fixture.origin).text()).isEqualTo(text);
        }
    }

    @Test
    void aLargeBodyIsConfirmedWhereItLies() throws Exception {
        CacheFixture fixture = small();
        fixture.origin.says(200, Map.of("etag", List.of("1")), LARGE);
        fixture.get();
        fixture.clock.advance(TTL);

        Answer confirmed = fixture.get();

        assertThat(fixture.cache.stats().revalidations()).isEqualTo(1);
        assertThat(confirmed.text()).isEqualTo(LARGE);
        assertThat(fixture.get().source()).isEqualTo(Source.DISK);
    }

    @Test
    void aLargeBodyThatWasEvictedMeanwhileIsFetchedAgain() throws Exception {
        CacheFixture fixture = small();
        fixture.origin.says(200, Map.of("etag", List.of("1")), LARGE);
        fixture.get();
        fixture.clock.advance(TTL);
        CompletableFuture<Answer> answer = fixture.cache.getAsync(KEY, fixture.origin.waits());
        FakeOrigin.Call conditional = fixture.origin.last();
        fixture.disk.files.clear();
        fixture.origin.says(LARGE + "new");

        conditional.answer().complete(Fetched.notModified());

        assertThat(text(answer)).isEqualTo(LARGE + "new");
        assertThat(fixture.origin.last().known().isEmpty()).isTrue();
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        CacheFixture fixture = small();
        fixture.origin.says("x".repeat(100_001));

        assertThat(failure(fixture.getAsync()))
                .hasRootCauseMessage("a body of 100001 bytes or more exceeds maxBodyBytes 100000;"
                        + " raise it with FetchCacheBuilder.maxBodyBytes");
        assertThat(fixture.disk.sinks).isZero();
    }

    @Test
    void aFetchThatTakesNoNoticeOfARefusedWriteFails() throws Exception {
        CacheFixture fixture = small();
        CompletableFuture<Answer> answer = fixture.getAsync();
        FakeOrigin.Call call = fixture.origin.last();
        call.body().write(ByteBuffer.allocate(90_000));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> call.body().write(ByteBuffer.allocate(20_000)));

        call.answer().complete(Fetched.ok());

        assertThat(failure(answer)).hasStackTraceContaining("exceeds maxBodyBytes 100000");
        assertThat(fixture.cache.contains(KEY)).isFalse();
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsRefusedBeforeItComes() {
        CacheFixture fixture = small();
        var unused = fixture.getAsync();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> fixture.origin.last().body().head(200, Map.of("Content-Length", List.of("100001"))));
    }

    @Test
    void anAnnouncedLengthThatIsALieChangesNothing() throws Exception {
        CacheFixture fixture = small();
        for (String length : List.of("0", "3", "999", "-5", "many")) {
            fixture.origin.says(200, Map.of("Content-Length", List.of(length)), "hello");

            assertThat(fixture.cache.get(Key.of(length), fixture.origin).text()).isEqualTo("hello");
        }
    }

    @Test
    void aSmallBodyNeedsNoDisk() throws Exception {
        CacheFixture fixture = small();
        fixture.disk.refusesSinks = true;

        fixture.cache.get(KEY, fixture.origin.says("hello"));

        assertThat(fixture.get().source()).isEqualTo(Source.MEMORY);
        assertThat(fixture.cache.stats().unkept()).isEqualTo(1);
    }

    @Test
    void whatADiskCouldNotReplaceIsNotServedLater() throws Exception {
        CacheFixture fixture = small();
        fixture.cache.get(KEY, fixture.origin.says("old"));
        fixture.disk.refusesCommits = true;
        fixture.cache.get(KEY, fixture.origin.says("new"), Options.DEFAULT.refresh());

        assertThat(fixture.get().text()).isEqualTo("new");
        assertThat(fixture.open().get(KEY, fixture.origin.says("newest")).text())
                .isEqualTo("newest");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 500, 1500, 1999})
    void aLargeBodyThatADiskLosesIsFetchedAgainIntoMemory(long room) throws Exception {
        CacheFixture fixture = small();
        fixture.disk.room = room;
        Fetch inPieces = (known, body) -> {
            for (int i = 0; i < 20; i++) {
                try {
                    body.write(ByteBuffer.wrap(new byte[100]));
                } catch (IOException e) {
                    return CompletableFuture.failedFuture(e);
                }
            }
            return CompletableFuture.completedFuture(Fetched.ok());
        };

        Answer answer = fixture.cache.get(KEY, inPieces);

        assertThat(answer.bytes()).isEqualTo(new byte[2000]);
        assertThat(fixture.cache.stats().unkept()).isEqualTo(1);
        assertThat(fixture.cache.stats().fetches()).isEqualTo(room < 1000 ? 1 : 2);
        assertThat(fixture.disk.sinks).isZero();
        assertThat(fixture.disk.files).isEmpty();
    }

    @Test
    void aLargeBodyThatADiskDoesNotCommitIsFetchedAgainIntoMemory() throws Exception {
        CacheFixture fixture = small();
        fixture.disk.refusesCommits = true;

        Answer answer = fixture.cache.get(KEY, fixture.origin.says(LARGE));

        assertThat(answer.text()).isEqualTo(LARGE);
        assertThat(fixture.cache.stats().fetches()).isEqualTo(2);
    }

    @Test
    void withoutADiskABodyMayHaveLess() {
        CacheFixture fixture = small();
        fixture.disk.refusesSinks = true;
        fixture.origin.says("x".repeat(10_001));

        assertThat(failure(fixture.getAsync())).rootCause().hasMessageContaining("the disk cannot take");
    }

    @Test
    void whatMustNotBeStoredNeverTouchesTheDisk() throws Exception {
        var fixture = new CacheFixture(choices ->
                choices.memoryEntry(1000).freshness(Freshness.fromResponse(Freshness.ttl(Duration.ofHours(1)))));
        fixture.disk.refusesCommits = true;
        fixture.origin.says(200, Map.of("Cache-Control", List.of("no-store")), LARGE);

        assertThat(fixture.get().text()).isEqualTo(LARGE);
        assertThat(fixture.get().source()).isEqualTo(Source.NETWORK);
        assertThat(fixture.cache.stats().unkept()).isZero();
        assertThat(fixture.origin.calls).hasSize(2);
    }

    @Test
    void whatMustNotBeStoredEndsWhatWas() throws Exception {
        var fixture = new CacheFixture(
                choices -> choices.freshness(Freshness.fromResponse(Freshness.ttl(Duration.ofHours(1))))
                        .staleIfError(Duration.ofHours(1)));
        fixture.cache.get(KEY, fixture.origin.says("public"));
        fixture.origin.says(200, Map.of("Cache-Control", List.of("no-store")), "private");
        fixture.cache.get(KEY, fixture.origin, Options.DEFAULT.refresh());

        assertThat(fixture.cache.cached(KEY)).isEmpty();
        assertThat(fixture.disk.files).isEmpty();
    }

    @Test
    void memoryHoldsNoMoreThanItMay() throws Exception {
        CacheFixture fixture = small();
        fixture.origin.says("x".repeat(900));
        for (int i = 0; i < 100; i++) {
            fixture.cache.get(Key.of("key " + i), fixture.origin);
        }

        assertThat(fixture.cache.stats().memoryBytes()).isBetween(1L, 10_000L);
        assertThat(fixture.cache.stats().diskEntries()).isEqualTo(100);
    }

    @Test
    void memoryCanBeNone() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memory(0));
        fixture.cache.get(KEY, fixture.origin.says("hello"));

        assertThat(fixture.get().source()).isEqualTo(Source.DISK);
        assertThat(fixture.cache.cached(KEY).map(Answer::source)).contains(Source.DISK);
        fixture.cache.invalidate(KEY);
        assertThat(fixture.cache.contains(KEY)).isFalse();
    }

    @Test
    void fetchesBeyondTheirNumberWaitForTheirTurn() throws Exception {
        var fixture = new CacheFixture(choices -> choices.maxFetches(2));
        List<FakeOrigin> origins =
                IntStream.range(0, 4).mapToObj(i -> new FakeOrigin()).toList();
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 4)
                .mapToObj(i -> fixture.cache.getAsync(Key.of("key " + i), origins.get(i)))
                .toList();
        assertThat(origins).map(origin -> origin.calls.size()).containsExactly(1, 1, 0, 0);

        origins.get(1).last().answer("one");
        assertThat(origins).map(origin -> origin.calls.size()).containsExactly(1, 1, 1, 0);
        answers.get(0).cancel(true);
        assertThat(origins).map(origin -> origin.calls.size()).containsExactly(1, 1, 1, 1);

        origins.get(2).last().answer("two");
        origins.get(3).last().answer("three");
        assertThat(text(answers.get(3))).isEqualTo("three");
        assertThat(fixture.cache.stats().fetching()).isZero();
    }

    @Test
    void oneWhoGivesUpItsPlaceInTheQueueIsNeverFetched() throws Exception {
        var fixture = new CacheFixture(choices -> choices.maxFetches(1));
        var running = new FakeOrigin();
        var first = fixture.cache.getAsync(Key.of("first"), running);
        fixture.getAsync().cancel(true);

        running.last().answer("done");

        assertThat(text(first)).isEqualTo("done");
        assertThat(fixture.origin.calls).isEmpty();
        assertThat(fixture.cache.stats().fetches()).isEqualTo(1);
    }

    @Test
    void callersBeyondTheirNumberAreRefused() throws Exception {
        var fixture = new CacheFixture(choices -> choices.maxWaiting(2));
        CompletableFuture<Answer> first = fixture.getAsync();
        var unused = fixture.getAsync();

        assertThat(failure(fixture.getAsync())).hasMessageStartingWith("2 callers wait already");
        assertThatExceptionOfType(FetchFailedException.class).isThrownBy(fixture::get);

        fixture.origin.last().answer("hello");
        assertThat(text(first)).isEqualTo("hello");
        assertThat(fixture.cache.stats().waiting()).isZero();
        assertThat(fixture.get().text()).isEqualTo("hello");
    }

    @Test
    void aDueAnswerStandsInForCallersBeyondTheirNumber() throws Exception {
        var fixture = new CacheFixture(choices -> choices.maxWaiting(1).staleIfError(Duration.ofHours(1)));
        fixture.cache.get(KEY, fixture.origin.says("old"));
        fixture.clock.advance(TTL);
        var unused = fixture.cache.getAsync(KEY, fixture.origin.waits());

        assertThat(text(fixture.getAsync())).isEqualTo("old");
        assertThat(fixture.get().source()).isEqualTo(Source.STALE);
    }

    @Test
    void aLargeBodyThatIsDueOnArrivalIsAnswered() throws Exception {
        var fixture = new CacheFixture(choices ->
                choices.memoryEntry(1000).freshness(Freshness.fromResponse(Freshness.ttl(Duration.ofHours(1)))));
        for (String control : List.of("no-cache", "max-age=0")) {
            fixture.origin.says(200, Map.of("Cache-Control", List.of(control)), LARGE + control);

            assertThat(fixture.get().text()).isEqualTo(LARGE + control);
        }
        assertThat(fixture.origin.calls).hasSize(2);
        assertThat(fixture.disk.sinks).isZero();
    }

    @Test
    void aLargeBodyThatTakesLongerThanItIsFreshIsAnswered() throws Exception {
        CacheFixture fixture = small();
        CompletableFuture<Answer> slow = fixture.getAsync();
        fixture.clock.advance(TTL.plusSeconds(1));

        fixture.origin.last().answer(LARGE);

        assertThat(text(slow)).isEqualTo(LARGE);
        assertThat(fixture.cache.stats().failures()).isZero();
    }

    @Test
    void bodiesWithoutADiskShareTheirRoom() throws Exception {
        CacheFixture fixture = small();
        fixture.disk.refusesSinks = true;
        List<FakeOrigin> origins =
                IntStream.range(0, 2).mapToObj(i -> new FakeOrigin()).toList();
        var first = fixture.cache.getAsync(Key.of("first"), origins.get(0));
        var second = fixture.cache.getAsync(Key.of("second"), origins.get(1));
        origins.get(0).last().body().write(ByteBuffer.allocate(6000));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> origins.get(1).last().body().write(ByteBuffer.allocate(6000)))
                .withMessageContaining("no place in the 10000 bytes that there are for all such");

        second.cancel(true);
        origins.get(0).last().answer().complete(Fetched.ok());
        assertThat(first.join().length()).isEqualTo(6000);
        assertThat(fixture.cache
                        .get(KEY, fixture.origin.says("x".repeat(10_000)))
                        .length())
                .isEqualTo(10_000);
    }

    @Test
    void bodiesWithoutADiskFillTheirRoomPieceByPiece() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(1000).memoryWithoutDisk(300_001));
        fixture.disk.refusesSinks = true;
        List<FakeOrigin> origins =
                IntStream.range(0, 2).mapToObj(i -> new FakeOrigin()).toList();
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 2)
                .mapToObj(i -> fixture.cache.getAsync(Key.of("key " + i), origins.get(i)))
                .toList();
        byte[] bytes = new byte[150_000];
        new Random(1).nextBytes(bytes);
        for (int from = 0; from < bytes.length; from += 999) {
            int length = Math.min(999, bytes.length - from);
            for (FakeOrigin origin : origins) {
                origin.last().body().write(ByteBuffer.wrap(bytes, from, length));
            }
        }

        BodySink second = origins.get(1).last().body();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> second.write(ByteBuffer.allocate(70_000)));
        origins.get(0).last().body().write(ByteBuffer.allocate(1));
        origins.get(0).last().answer().complete(Fetched.ok());
        answers.get(1).cancel(true);

        assertThat(answers.get(0).join().bytes()).isEqualTo(Arrays.copyOf(bytes, bytes.length + 1));
        assertThat(answers.get(0).join().stream()).hasBinaryContent(Arrays.copyOf(bytes, bytes.length + 1));
        String whole = "x".repeat(300_001);
        assertThat(fixture.cache.get(KEY, fixture.origin.says(whole)).text()).isEqualTo(whole);
    }

    @Test
    void aBodyThatTheWholeDiskWouldNotHoldIsRefusedAndNotFetchedTwice() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(1000).disk(5000, 10));
        fixture.origin.says("x".repeat(5000));

        assertThat(failure(fixture.getAsync()))
                .hasRootCauseMessage("a body of 5000 bytes or more exceeds the 5000 bytes that the disk may hold;"
                        + " raise them with FetchCacheBuilder.disk");

        assertThat(fixture.origin.calls).hasSize(1);
        assertThat(fixture.disk.sinks).isZero();
        var unused = fixture.cache.getAsync(KEY, fixture.origin.waits());
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> fixture.origin.last().body().head(200, Map.of("content-length", List.of("5000"))))
                .withMessageContaining("FetchCacheBuilder.disk");
    }

    @Test
    void memoryAndWhatMustNotBeStoredMayHaveMoreThanTheDisk() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(1000)
                .disk(500, 10)
                .freshness(Freshness.fromResponse(Freshness.ttl(Duration.ofHours(1)))));

        assertThat(fixture.cache.get(KEY, fixture.origin.says("x".repeat(900))).length())
                .isEqualTo(900);
        fixture.origin.says(200, Map.of("Cache-Control", List.of("no-store")), LARGE);
        assertThat(fixture.cache.get(Key.of("other"), fixture.origin).length()).isEqualTo(2000);
    }

    @Test
    void headersCountInMemory() throws Exception {
        CacheFixture fixture = small();
        fixture.origin.says(200, Map.of("etag", List.of("x".repeat(9000))), "hello");
        fixture.get();

        assertThat(fixture.cache.stats().memoryEntries()).isZero();
        assertThat(fixture.get().source()).isEqualTo(Source.DISK);
    }

    @Test
    void keysThatAnotherProcessHoldsKeepNobodyElseFromFetching() throws Exception {
        var fixture = new CacheFixture(choices -> choices.maxFetches(1));
        fixture.disk.heldElsewhere = name -> fixture.disk.locked.size() == 1;
        CompletableFuture<Answer> held = fixture.getAsync();

        Answer other = fixture.cache.get(Key.of("other"), new FakeOrigin().says("hello"));

        assertThat(other.text()).isEqualTo("hello");
        assertThat(held).isNotDone();
        fixture.alarms.ringAll();
        assertThat(failure(held)).hasMessageContaining("no answer within");
    }

    @Test
    void whatIsForgottenInTheQueueIsFetchedOnce() throws Exception {
        var fixture = new CacheFixture(choices -> choices.maxFetches(1));
        var running = new FakeOrigin();
        var first = fixture.cache.getAsync(Key.of("first"), running);
        CompletableFuture<Answer> queued = fixture.getAsync();
        fixture.cache.invalidate(KEY);

        running.last().answer("done");
        fixture.origin.last().answer("hello");

        assertThat(text(first)).isEqualTo("done");
        assertThat(text(queued)).isEqualTo("hello");
        assertThat(fixture.origin.calls).hasSize(1);
    }
}
