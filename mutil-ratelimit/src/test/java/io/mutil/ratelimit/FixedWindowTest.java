package io.mutil.ratelimit;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedWindowTest {
    private final FakeTime time = new FakeTime("2026-03-01T12:00:45Z");
    private final RateLimit limit = time.limit(Rule.fixedWindow(3, ofMinutes(1)));

    @Test
    void startsAnewOnTheFullMinute() {
        assertThat(limit.tryAcquire(3)).isTrue();
        assertThat(limit.peek()).isEqualTo(ofSeconds(15));

        time.advance(ofSeconds(15).minusNanos(1));

        assertThat(limit.tryAcquire()).isFalse();
        time.advance(1);
        assertThat(limit.stats().available()).isEqualTo(3);
        assertThat(limit.tryAcquire(3)).isTrue();
        assertThat(limit.peek()).isEqualTo(ofMinutes(1));
    }

    @Test
    void thoseWhoWaitFillOneWindowAfterTheOther() {
        limit.tryAcquire(3);
        List<CompletableFuture<Duration>> waiting = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            waiting.add(limit.acquireAsync());
        }

        assertThat(limit.peek()).isEqualTo(ofSeconds(135));
        time.advance(ofMinutes(3));

        assertThat(waiting)
                .map(CompletableFuture::join)
                .containsExactly(
                        ofSeconds(15),
                        ofSeconds(15),
                        ofSeconds(15),
                        ofSeconds(75),
                        ofSeconds(75),
                        ofSeconds(75),
                        ofSeconds(135));
    }

    @Test
    void aClockThatJumpsFarBackHandsOutNothingTwice() {
        limit.tryAcquire(3);

        time.jump(ofHours(-5));
        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofSeconds(15));

        time.jump(ofSeconds(-30));
        assertThat(limit.peek()).isEqualTo(ofSeconds(45));
        time.advance(ofSeconds(45));
        assertThat(limit.tryAcquire(3)).isTrue();
    }

    @Test
    void aStepBackOverAResetDoesNotOpenTheSameWindowTwice() {
        time.advance(ofMillis(17_500));
        limit.tryAcquire(3);

        time.jump(ofSeconds(-3));

        assertThat(limit.tryAcquire()).isFalse();
        time.advance(ofMillis(500));
        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofMinutes(1));
        time.advance(ofMinutes(1));
        assertThat(limit.tryAcquire(3)).isTrue();
    }

    /** The reset that the old clock would have had meanwhile opens no window of the new one. */
    @ParameterizedTest
    @CsvSource({"PT-30S, PT25S", "PT90S, PT25S", "PT-5H-20S, PT15S", "PT4H59M40S, PT15S"})
    void aJumpThatIsNoticedLateHandsOutNothingTwice(Duration jump, Duration toReset) {
        time.advance(ofSeconds(10));
        limit.tryAcquire(3);

        time.jump(jump);
        time.advance(ofSeconds(10));

        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(toReset);
        time.advance(toReset);
        assertThat(limit.tryAcquire(3)).isTrue();
    }

    @Test
    void whoWaitsForAResetIsNotLetThroughByTheOldClock() {
        time.advance(ofSeconds(10));
        limit.tryAcquire(3);
        CompletableFuture<Duration> next = limit.acquireAsync();

        time.jump(ofSeconds(-30));
        time.advance(ofSeconds(34));

        assertThat(next).isNotDone();
        time.advance(ofSeconds(1));
        assertThat(next).isCompletedWithValue(ofSeconds(35));
    }

    @Test
    void aStepBackOverAResetThatIsNoticedLateDoesNotOpenTheSameWindowTwice() {
        time.advance(ofMillis(17_500));
        limit.tryAcquire(3);

        time.jump(ofSeconds(-3));
        time.advance(ofSeconds(1));

        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofMillis(59_500));
    }

    @Test
    void aJumpWhileNothingCountsShutsNobodyOut() {
        limit.tryAcquire(3);
        time.jump(ofSeconds(-2));
        time.advance(ofMinutes(2));

        assertThat(limit.tryAcquire(3)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"PT0.9S, PT0.1S", "PT-0.9S, PT0.1S", "PT0.09S, PT0.11S", "PT-0.09S, PT0.19S"})
    void aShortWindowTellsAJumpFromAClockThatRunsOn(Duration jump, Duration longest) {
        RateLimit tenth = time.limit(Rule.fixedWindow(1, ofMillis(100)));
        tenth.tryAcquire();

        time.jump(jump);

        assertThat(tenth.tryAcquire()).isFalse();
        assertThat(tenth.peek()).isLessThanOrEqualTo(longest);
        time.advance(longest);
        assertThat(tenth.tryAcquire()).isTrue();
    }

    @Test
    void aClockThatJumpsForwardDoesNotHandOutASecondWindow() {
        limit.tryAcquire(3);

        time.jump(ofHours(5));

        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofSeconds(15));
    }

    @Test
    void whoWaitsForADayNoticesThatTheClockWasPutRight() {
        RateLimit daily = time.limit(Rule.fixedWindow(1, ofDays(1)));
        daily.tryAcquire();
        CompletableFuture<Duration> tomorrow = daily.acquireAsync();

        time.jump(ofHours(11));
        time.advance(ofMinutes(59).plusSeconds(26));

        assertThat(tomorrow).isCompleted();
    }

    @Test
    void aReservationIsMovedBackWithTheClock() {
        limit.tryAcquire(3);
        Reservation place = limit.reserve();
        assertThat(place.timeToWait()).isEqualTo(ofSeconds(15));

        time.jump(ofSeconds(-30));

        assertThat(place.timeToWait()).isEqualTo(ofSeconds(45));
    }

    @Test
    void aReservationIsMovedBackAlsoWhereItWouldHaveBeenKeptByTheOldClock() {
        limit.tryAcquire(3);
        Reservation place = limit.reserve();

        time.jump(ofSeconds(-30));
        time.advance(ofSeconds(15));

        assertThat(place.timeToWait()).isEqualTo(ofSeconds(30));
        time.advance(ofSeconds(30));
        assertThat(place.timeToWait()).isZero();
        assertThat(limit.stats().available()).isEqualTo(2);
    }

    @Test
    void whatWasPlannedForThoseWhoWaitIsForgottenWhenTheClockJumps() {
        limit.tryAcquire(3);
        var unused = limit.acquireAsync();
        assertThat(limit.peek()).isEqualTo(ofSeconds(15));

        time.jump(ofSeconds(-30));

        assertThat(limit.peek()).isEqualTo(ofSeconds(45));
    }

    @Test
    void aClockThatRunsALittleFastOrSlowIsFollowed() {
        limit.tryAcquire(3);
        for (int i = 0; i < 14; i++) {
            time.advance(ofSeconds(1));
            time.jump(ofMillis(-10));
            assertThat(limit.tryAcquire()).isFalse();
        }

        assertThat(limit.peek()).isEqualTo(ofMillis(1_140));
        time.advance(ofMillis(1_140));
        assertThat(limit.tryAcquire()).isTrue();
    }

    @Test
    void thoseWhoWaitForAResetGoAtARandomMomentSoonAfterIt() {
        var delays = new ArrayList<Duration>();
        for (int seed = 0; seed < 50; seed++) {
            int fixed = seed;
            RateLimit spread = time.builder(Rule.fixedWindow(1, ofMinutes(1)).withSpread(ofSeconds(2)))
                    .random(() -> fixed)
                    .build();
            spread.tryAcquire();
            delays.add(spread.peek().minusSeconds(15));
        }

        assertThat(delays).allMatch(delay -> !delay.isNegative() && delay.compareTo(ofSeconds(2)) <= 0);
        assertThat(delays.stream().distinct()).hasSizeGreaterThan(40);
    }

    @Test
    void nobodyGoesBetweenTheResetAndTheMomentForWhichOthersWait() {
        RateLimit spread = time.limit(Rule.fixedWindow(1, ofMinutes(1)).withSpread(ofSeconds(2)));
        spread.tryAcquire();
        CompletableFuture<Duration> waiting = spread.acquireAsync();

        time.advance(ofSeconds(15));
        assertThat(waiting).isNotDone();
        assertThat(spread.tryAcquire()).isFalse();
        time.advance(ofSeconds(2));
        assertThat(waiting).isCompleted();
    }

    @Test
    void whoOnlyLooksOrIsRefusedKeepsNobodyOutAfterTheReset() throws Exception {
        RateLimit spread = time.limit(Rule.fixedWindow(1, ofMinutes(1)).withSpread(ofSeconds(2)));
        spread.tryAcquire();
        assertThat(spread.peek()).isBetween(ofSeconds(15), ofSeconds(17));
        assertThat(spread.tryAcquire()).isFalse();
        assertThat(spread.tryAcquire(ofSeconds(1))).isFalse();

        // soon enough for the reset to be trusted
        time.advance(ofSeconds(10));
        assertThat(spread.tryAcquire()).isFalse();
        time.advance(ofSeconds(5));

        assertThat(spread.tryAcquire()).isTrue();
    }

    @Test
    void thoseWhoWaitForOneResetAfterTheOtherAreSpreadEachTime() {
        RateLimit spread = time.limit(Rule.fixedWindow(1, ofMinutes(1)).withSpread(ofSeconds(2)));
        spread.tryAcquire();
        List<CompletableFuture<Duration>> waiting = List.of(spread.acquireAsync(), spread.acquireAsync());
        Duration last = spread.peek().minusSeconds(60);

        time.advance(ofMinutes(3));

        assertThat(waiting.get(0).join()).isBetween(ofSeconds(15), ofSeconds(17));
        assertThat(waiting.get(1).join()).isBetween(ofSeconds(75), ofSeconds(77));
        assertThat(last).isBetween(ofSeconds(73), ofSeconds(77));
    }

    @Test
    void withAMarginPermitsCloseToAResetCountOnBothSides() {
        RateLimit wide = time.builder(Rule.fixedWindow(3, ofMinutes(1)))
                .margin(ofSeconds(1))
                .build();
        time.advance(ofMillis(14_500));
        wide.tryAcquire(2);

        time.advance(ofSeconds(1));
        assertThat(wide.tryAcquire(2)).isFalse();
        assertThat(wide.tryAcquire(1)).isTrue();
        time.advance(ofMillis(500));
        assertThat(wide.tryAcquire()).isFalse();
        assertThat(wide.peek()).isEqualTo(ofMinutes(1));
    }

    /** What arrives at the server up to the margin later, or earlier, is in its windows at most as often as may be. */
    @Property(tries = 300)
    void whateverTheDelayWithinTheMarginTheServerCountsNoMoreThanItAllows(@ForAll long seed) {
        var random = new Random(seed);
        var now = new FakeTime();
        RateLimit wide = now.builder(Rule.fixedWindow(4, ofSeconds(1)))
                .margin(ofMillis(100))
                .build();
        var counts = new HashMap<Long, Integer>();

        for (int i = 0; i < 500; i++) {
            if (wide.tryAcquire()) {
                long arrival = now.instant().toEpochMilli() + random.nextInt(-99, 100);
                counts.merge(Math.floorDiv(arrival, 1_000L), 1, Integer::sum);
            }
            now.advance(ofMillis(random.nextInt(120)));
        }

        assertThat(counts.values()).allMatch(count -> count <= 4);
    }

    @Test
    void aRefundGivesRoomInItsOwnWindowOnly() {
        limit.tryAcquire(3);
        limit.refund(1, ofSeconds(0));
        assertThat(limit.tryAcquire()).isTrue();

        time.advance(ofSeconds(20));
        limit.tryAcquire(3);
        limit.refund(1, ofSeconds(20));

        assertThat(limit.tryAcquire()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // a zone, a window, a moment, and the reset after it
        "UTC,               PT1M,  2026-03-01T12:00:45Z,       2026-03-01T12:01:00Z",
        "UTC,               PT24H, 1969-12-31T23:59:59.5Z,     1970-01-01T00:00:00Z",
        "Asia/Kathmandu,    PT1H,  2026-03-01T12:00:00Z,       2026-03-01T12:15:00Z",
        "Asia/Kolkata,      PT1H,  2026-03-01T12:00:00Z,       2026-03-01T12:30:00Z",
        "Asia/Kolkata,      PT24H, 2026-03-01T12:00:00Z,       2026-03-01T18:30:00Z",
        "America/New_York,  PT24H, 2026-03-08T06:00:00Z,       2026-03-09T04:00:00Z",
        "America/New_York,  PT24H, 2026-11-01T05:00:00Z,       2026-11-02T05:00:00Z",
        "Europe/Berlin,     PT1H,  2026-03-29T00:30:00Z,       2026-03-29T01:00:00Z",
        "Europe/Berlin,     PT6H,  2026-03-29T00:30:00Z,       2026-03-29T04:00:00Z",
        // 2:00 to 3:00 comes twice in a row
        "Europe/Berlin,     PT1H,  2026-10-25T00:30:00Z,       2026-10-25T02:00:00Z",
        "Europe/Berlin,     PT15M, 2026-10-25T00:50:00Z,       2026-10-25T01:00:00Z",
        "Europe/Berlin,     PT15M, 2026-10-25T01:00:00Z,       2026-10-25T01:15:00Z",
        // half an hour of daylight saving
        "Australia/Lord_Howe, PT1H, 2026-10-03T15:00:00Z,      2026-10-03T15:30:00Z",
        "Australia/Lord_Howe, PT24H, 2026-10-03T14:00:00Z,     2026-10-04T13:00:00Z",
        // a day without a midnight
        "Africa/Cairo,      PT24H, 2026-04-23T12:00:00Z,       2026-04-23T22:00:00Z",
        "Africa/Cairo,      PT24H, 2026-04-23T22:00:00Z,       2026-04-24T21:00:00Z",
        // an hour that belongs to the day before, again
        "Africa/Cairo,      PT24H, 2026-10-29T20:30:00Z,       2026-10-29T22:00:00Z"
    })
    void windowsBeginAtMultiplesOfLocalTime(String zone, Duration per, Instant now, Instant reset) {
        var there = new FakeTime(now.toString());
        RateLimit one = there.limit(Rule.fixedWindow(1, per).withZone(ZoneId.of(zone)));
        one.tryAcquire();

        assertThat(now.plus(one.peek())).isEqualTo(reset);
    }

    @Test
    void everyWindowOfAYearIsNoShorterThanTheClockMakesIt() {
        ZoneId zone = ZoneId.of("Australia/Lord_Howe");
        var resets = new Resets(Rule.fixedWindow(1, ofHours(1)).withZone(zone));
        long at = nanos("2026-01-01T00:00:00Z");
        long end = nanos("2027-01-01T00:00:00Z");

        while (at < end) {
            long next = resets.after(at);
            assertThat(ofNanos(next - at)).isBetween(ofMinutes(30), ofMinutes(90));
            at = next;
        }
    }

    private static long nanos(String instant) {
        return Instant.parse(instant).getEpochSecond() * 1_000_000_000L;
    }
}
