package io.mutil.loop;

import static io.mutil.loop.ScheduleTime.scheduled;
import static io.mutil.loop.ScheduleTime.started;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clocks that are set, and zones that set theirs. */
class ScheduleClockTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private final ScheduleTime time = new ScheduleTime("2024-01-01T00:00:00Z");
    private final Schedule schedule = time.schedule();
    private final LogLines log = LogLines.of(Schedule.class, Level.INFO);

    @AfterEach
    void close() {
        schedule.close();
        log.close();
    }

    @Test
    void aTimeThatClocksSkipIsDueWhenTheGapEnds() {
        var spring = new ScheduleTime("2024-03-09T12:00:00Z");
        try (Schedule schedule = spring.schedule()) {
            schedule.add("a", Plan.daily(NEW_YORK, LocalTime.of(2, 30), LocalTime.of(3, 0)), () -> {});

            spring.advance(Duration.ofDays(2));

            assertThat(started(schedule, "a"))
                    .containsExactly("2024-03-10T07:00:00Z", "2024-03-11T06:30:00Z", "2024-03-11T07:00:00Z");
        }
    }

    @Test
    void aTimeThatClocksShowTwiceIsDueTheFirstTime() {
        var autumn = new ScheduleTime("2024-11-02T12:00:00Z");
        try (Schedule schedule = autumn.schedule()) {
            schedule.add("a", Plan.daily(NEW_YORK, LocalTime.of(1, 30), LocalTime.of(2, 0)), () -> {});

            autumn.advance(Duration.ofDays(1));

            assertThat(started(schedule, "a")).containsExactly("2024-11-03T05:30:00Z", "2024-11-03T07:00:00Z");
        }
    }

    @Test
    void aDayThatAZoneSkipsIsDueWhenItEnds() {
        var samoa = new ScheduleTime("2011-12-29T12:00:00Z");
        try (Schedule schedule = samoa.schedule()) {
            schedule.add("a", Plan.daily(ZoneId.of("Pacific/Apia"), LocalTime.of(6, 0)), () -> {});

            samoa.advance(Duration.ofDays(2));

            assertThat(started(schedule, "a"))
                    .containsExactly("2011-12-29T16:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T16:00:00Z");
        }
    }

    @Test
    void aClockThatIsSetBackBringsNoDueTimeAgain() {
        schedule.add("a", Plan.daily(NEW_YORK, LocalTime.of(9, 30)), time.taking(Duration.ZERO));
        time.advance(ofHours(15));

        time.jump(ofHours(-3));
        time.advance(ofHours(27));

        assertThat(scheduled(schedule, "a")).containsExactly("2024-01-01T14:30:00Z", "2024-01-02T14:30:00Z");
        assertThat(started(schedule, "a")).containsExactly("2024-01-01T14:30:00Z", "2024-01-02T14:30:00Z");
    }

    @Test
    void anIntervalGoesOnSoonAfterTheClockWasSetBack() {
        schedule.add("rate", Plan.every(ofMinutes(10)), time.taking(Duration.ZERO));
        schedule.add("pause", Plan.withPause(ofMinutes(10)), time.taking(Duration.ZERO));
        time.advance(ofMinutes(1));

        time.jump(Duration.ofDays(-365));
        time.advance(ofMinutes(12));

        assertThat(started(schedule, "rate")).containsExactly("2024-01-01T00:00:00Z", "2023-01-01T00:12:00Z");
        assertThat(started(schedule, "pause")).containsExactly("2024-01-01T00:00:00Z", "2023-01-01T00:12:00Z");
    }

    @Test
    void looksAtTheClockEveryMinuteHoweverLongItSleeps() {
        schedule.add("a", Plan.once(Instant.parse("2024-06-01T00:00:00Z")), time.taking(Duration.ZERO));

        time.advance(ofHours(1));
        time.jump(Duration.between(time.instant(), Instant.parse("2024-05-31T23:59:59.5Z")));
        time.advance(ofMinutes(1));

        assertThat(time.sleeps()).allMatch(sleep -> sleep.compareTo(ofMinutes(1)) <= 0);
        assertThat(time.sleeps()).hasSizeBetween(60, 63);
        assertThat(started(schedule, "a")).hasSize(1);
    }

    @Test
    void isNeverLateByMoreThanWasChosen() {
        try (Schedule strict = Schedule.builder()
                .clock(time)
                .scheduler(time)
                .executor(Runnable::run)
                .lateness(ofSeconds(2))
                .start()) {
            strict.add("a", Plan.every(ofMinutes(1)).delay(ofMinutes(1)).times(2), () -> {});

            time.jump(ofSeconds(63));
            time.advance(ofMinutes(3));

            assertThat(started(strict, "a")).containsExactly("2024-01-01T00:02:00Z", "2024-01-01T00:03:00Z");
        }
    }

    @Test
    void aSmallStepBackBringsNoDueTimeAgain() {
        schedule.add("a", Plan.every(ofSeconds(1)), time.taking(Duration.ZERO));
        time.advance(ofSeconds(10));

        time.jump(ofSeconds(-5));
        time.advance(ofSeconds(20));

        assertThat(scheduled(schedule, "a")).doesNotHaveDuplicates().contains("2024-01-01T00:00:07.000000001Z");
    }

    @Test
    void nothingIsDueBeforeItsStartThoughTheClockWasSetBack() {
        Instant start = time.instant();
        schedule.add("a", Plan.every(ofMinutes(1)).from(start), time.taking(Duration.ZERO));
        time.advance(ofMinutes(10));

        time.jump(Duration.ofDays(-1));
        time.advance(ofMinutes(2));

        assertThat(schedule.history("a")).hasSize(11);
        assertThat(schedule.next("a")).contains(start.plusNanos(1));
        time.advance(Duration.ofDays(1));
        assertThat(scheduled(schedule, "a")).doesNotHaveDuplicates();
        assertThat(schedule.history("a")).allMatch(run -> !run.scheduled().isBefore(start));
    }

    @Test
    void aDelayDoesNotGrowAsTheClockIsSetBack() {
        schedule.add("rate", Plan.every(ofSeconds(10)).delay(ofSeconds(90)), time.taking(Duration.ZERO));
        schedule.add("once", Plan.once().delay(ofSeconds(90)), time.taking(Duration.ZERO));
        schedule.add("paused", Plan.once().delay(ofSeconds(90)), time.taking(Duration.ZERO));
        schedule.add("daily", Plan.daily(NEW_YORK, LocalTime.of(9, 30)), time.taking(Duration.ZERO));
        schedule.pause("paused");

        time.jump(Duration.ofDays(-365));
        time.advance(ofSeconds(150));
        schedule.resume("paused");
        time.advance(ofSeconds(1));

        // a minute later than without the jump, which was noticed only then
        for (String name : List.of("rate", "once", "paused")) {
            assertThat(scheduled(schedule, name)).containsExactly("2023-01-01T00:02:30Z");
        }
        assertThat(schedule.next("daily")).contains(Instant.parse("2023-01-01T14:30:00Z"));
    }

    @Test
    void saysOnceWhoWaitsForAClockThatWasSetBack() {
        schedule.add("moment", Plan.once(Instant.parse("2024-06-01T00:00:00Z")), time.taking(Duration.ZERO));
        schedule.add("rate", Plan.every(ofSeconds(30)), time.taking(Duration.ZERO));
        schedule.add("daily", Plan.daily(NEW_YORK, LocalTime.of(19, 0)), time.taking(Duration.ZERO));
        time.advance(ofMinutes(1));

        time.jump(ofSeconds(-31));
        time.advance(ofMinutes(2));
        assertThat(log.all()).isEmpty();
        time.jump(ofHours(-2));
        time.advance(ofMinutes(5));

        assertThat(log.at(Level.WARNING))
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .startsWith("the wall clock was set back by PT1H59M")
                        .contains("until it is where it was: moment, daily;"));
    }
}
