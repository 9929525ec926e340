package io.mutil.loop;

import static io.mutil.loop.ScheduleTime.scheduled;
import static io.mutil.loop.ScheduleTime.started;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private final ScheduleTime time = new ScheduleTime("2024-01-01T00:00:00Z");
    private final Schedule schedule = time.schedule();

    @AfterEach
    void close() {
        schedule.close();
    }

    @Test
    void aFixedRateDoesNotDriftWithTheTimeThatRunsTake() {
        schedule.add("a", Plan.every(ofSeconds(10)), time.taking(ofSeconds(4)));

        time.advance(ofSeconds(25));

        assertThat(started(schedule, "a"))
                .containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:00:10Z", "2024-01-01T00:00:20Z");
    }

    @Test
    void aPauseBeginsWhenTheRunHasEnded() {
        schedule.add("a", Plan.withPause(ofSeconds(10)).missed(Missed.SKIP), time.taking(ofSeconds(4)));

        time.advance(ofSeconds(30));

        assertThat(started(schedule, "a"))
                .containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:00:14Z", "2024-01-01T00:00:28Z");
    }

    @Test
    void aDelayOfSecondsIsOneOfSeconds() {
        schedule.add("a", Plan.once().delay(ofSeconds(90)), time.taking(Duration.ZERO));

        time.advance(ofMinutes(10));

        assertThat(started(schedule, "a")).containsExactly("2024-01-01T00:01:30Z");
        assertThat(schedule.names()).isEmpty();
    }

    @Test
    void aGridThatBeganInThePastGoesOn() {
        schedule.add(
                "a", Plan.every(ofMinutes(7)).from(Instant.parse("2023-12-31T23:50:00Z")), time.taking(Duration.ZERO));

        time.advance(ofMinutes(12));

        assertThat(started(schedule, "a")).containsExactly("2024-01-01T00:04:00Z", "2024-01-01T00:11:00Z");
    }

    @Test
    void runsUntilTheStopAndNotAtIt() {
        Plan plan = Plan.every(ofSeconds(10)).until(Instant.parse("2024-01-01T00:00:20Z"));
        schedule.add("a", plan, time.taking(Duration.ZERO));

        time.advance(ofMinutes(2));

        assertThat(started(schedule, "a")).containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:00:10Z");
        assertThat(schedule.next("a")).isEmpty();
    }

    @Test
    void whatWasMissedDoesNotRunAfterTheStop() {
        Plan plan = Plan.every(ofHours(1))
                .delay(ofHours(1))
                .until(Instant.parse("2024-01-01T02:30:00Z"))
                .missed(Missed.RUN_ALL);
        schedule.add("a", plan, time.taking(Duration.ZERO));

        time.jump(ofHours(3));
        time.advance(ofMinutes(2));

        assertThat(started(schedule, "a")).isEmpty();
        assertThat(schedule.stats().missed()).isEqualTo(2);
        assertThat(schedule.names()).isEmpty();
    }

    @Test
    void skipsWhatCameWhileTheRunBeforeWasGoing() {
        schedule.add("a", Plan.every(ofSeconds(10)).times(3), time.taking(ofSeconds(25)));

        time.advance(ofMinutes(2));

        assertThat(scheduled(schedule, "a"))
                .containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:00:30Z", "2024-01-01T00:01:00Z");
        assertThat(schedule.stats().missed()).isEqualTo(4);
    }

    @Test
    void makesUpOnceForWhatCameWhileTheRunBeforeWasGoing() {
        schedule.add("a", Plan.every(ofSeconds(10)).times(3).missed(Missed.RUN_ONCE), time.taking(ofSeconds(25)));

        time.advance(ofMinutes(2));

        assertThat(scheduled(schedule, "a"))
                .containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:00:20Z", "2024-01-01T00:00:50Z");
        assertThat(started(schedule, "a"))
                .containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:00:25Z", "2024-01-01T00:00:50Z");
    }

    @Test
    void makesUpForTheLatestOfManyAfterASleep() {
        Plan plan = Plan.every(Duration.ofMillis(1)).missed(Missed.RUN_ALL).maxMissed(3);
        schedule.add(
                "a", plan.delay(ofMinutes(1)).until(Instant.parse("2024-01-02T00:00:00Z")), time.taking(ofHours(30)));

        time.jump(ofHours(12));
        time.advance(ofMinutes(1));
        time.advance(Duration.ZERO);

        assertThat(scheduled(schedule, "a")).containsExactly("2024-01-01T12:00:59.998Z");
        assertThat(schedule.stats().missed()).isEqualTo(24 * 3_600_000L - 60_000 - 1);
    }

    @Test
    void aDailyTaskThatWasMissedIsSkippedOrRunsLate() {
        schedule.add("skip", Plan.daily(NEW_YORK, LocalTime.of(9, 30)), time.taking(Duration.ZERO));
        schedule.add(
                "late", Plan.daily(NEW_YORK, LocalTime.of(9, 30)).missed(Missed.RUN_ONCE), time.taking(Duration.ZERO));

        time.advance(ofHours(14));
        time.jump(ofHours(5));
        time.advance(Duration.ofDays(1));

        assertThat(scheduled(schedule, "skip")).containsExactly("2024-01-02T14:30:00Z");
        assertThat(scheduled(schedule, "late")).containsExactly("2024-01-01T14:30:00Z", "2024-01-02T14:30:00Z");
        assertThat(started(schedule, "late")).containsExactly("2024-01-01T19:01:00Z", "2024-01-02T14:30:00Z");
    }

    @Test
    void notRunningAtAMomentThatHasPassedIsAChoice() {
        Instant past = Instant.parse("2023-12-31T12:00:00Z");
        schedule.add("late", Plan.once(past), time.taking(Duration.ZERO));
        schedule.add("skip", Plan.once(past).missed(Missed.SKIP), time.taking(Duration.ZERO));
        schedule.add("from", Plan.once(past).from(past.plusNanos(1)), time.taking(Duration.ZERO));

        time.advance(ofSeconds(1));

        assertThat(started(schedule, "late")).containsExactly("2024-01-01T00:00:00Z");
        assertThat(started(schedule, "skip")).isEmpty();
        assertThat(started(schedule, "from")).isEmpty();
        assertThat(schedule.names()).isEmpty();
    }

    @Test
    void whatIsDueWhilePausedIsMissed() {
        schedule.add("skip", Plan.every(ofMinutes(1)).delay(ofSeconds(30)), time.taking(Duration.ZERO));
        schedule.add("once", Plan.every(ofMinutes(1)).delay(ofSeconds(30)).missed(Missed.RUN_ONCE), () -> {});
        assertThat(schedule.pause("skip")).isTrue();
        assertThat(schedule.pause("once")).isTrue();
        time.advance(Duration.ofSeconds(155));
        assertThat(schedule.stats().paused()).isEqualTo(2);

        assertThat(schedule.resume("skip")).isTrue();
        assertThat(schedule.resume("once")).isTrue();
        time.advance(ofSeconds(60));

        assertThat(started(schedule, "skip")).containsExactly("2024-01-01T00:03:30Z");
        assertThat(started(schedule, "once")).containsExactly("2024-01-01T00:02:35Z", "2024-01-01T00:03:30Z");
        assertThat(schedule.pause("nobody")).isFalse();
    }

    @Test
    void aCancelledTaskRunsNoMoreAndItsNameIsFree() {
        schedule.add("a", Plan.every(ofSeconds(10)), time.taking(Duration.ZERO));
        time.advance(ofSeconds(15));

        assertThat(schedule.cancel("a")).isTrue();
        time.advance(ofMinutes(5));

        assertThat(schedule.history("a")).hasSize(2);
        assertThat(schedule.cancel("a")).isFalse();
        assertThat(time.pending()).isLessThanOrEqualTo(1);
        schedule.add("a", Plan.once(), time.taking(Duration.ZERO));
        time.advance(Duration.ZERO);
        assertThat(schedule.history("a")).hasSize(1);
    }

    @Test
    void aTaskMayCancelItselfAndItsNameIsFreeWhenItHasEnded() {
        schedule.add("a", Plan.every(ofSeconds(10)), () -> {
            schedule.cancel("a");
            schedule.add("a", Plan.once(), () -> {});
        });

        try (var log = LogLines.of(Schedule.class, Level.WARNING)) {
            time.advance(ofMinutes(1));
            assertThat(log.all()).hasSize(1);
        }

        assertThat(schedule.history("a"))
                .singleElement()
                .satisfies(run -> assertThat(run.error())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("there is a task \"a\" already; it was cancelled, but its last run goes on"));
    }

    @Test
    void remembersAsManyRunsAsWasChosen() {
        try (Schedule forgetful = Schedule.builder()
                .clock(time)
                .scheduler(time)
                .executor(Runnable::run)
                .history(2)
                .start()) {
            forgetful.add("a", Plan.every(ofSeconds(1)), () -> {});

            time.advance(ofSeconds(10));

            assertThat(started(forgetful, "a")).containsExactly("2024-01-01T00:00:09Z", "2024-01-01T00:00:10Z");
        }
    }

    @Test
    void tellsWhatIsDueAndCountsWhatRan() {
        schedule.add("a", Plan.every(ofSeconds(10)), time.taking(Duration.ZERO));
        schedule.add("b", Plan.daily(NEW_YORK, LocalTime.of(9, 30)), time.taking(Duration.ZERO));
        time.advance(ofSeconds(15));

        assertThat(schedule.next("a")).contains(Instant.parse("2024-01-01T00:00:20Z"));
        assertThat(schedule.next("b")).contains(Instant.parse("2024-01-01T14:30:00Z"));
        assertThat(schedule.next("c")).isEmpty();
        assertThat(schedule.names()).containsExactly("a", "b");
        assertThat(schedule.stats()).isEqualTo(new ScheduleStats(2, 0, 0, 2, 0, 0, 0, 0));
        assertThat(schedule).hasToString("Schedule" + schedule.stats());
    }

    @Test
    void refusesANameThatIsInUseAndTasksOnceItIsClosed() {
        schedule.add("a", Plan.every(ofSeconds(10)), time.taking(Duration.ZERO));

        assertThatThrownBy(() -> schedule.add("a", Plan.once(), () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cancel it first");
        schedule.close();
        schedule.close();
        assertThatThrownBy(() -> schedule.add("b", Plan.once(), () -> {})).isInstanceOf(IllegalStateException.class);
        time.advance(ofMinutes(1));
        assertThat(schedule.history("a")).isEmpty();
        assertThat(time.pending()).isZero();
    }

    @Test
    void refusesPlansThatMakeNoSense() {
        Instant now = time.instant();

        assertThatThrownBy(() -> Plan.every(Duration.ofNanos(1)))
                .hasMessage("period must be at least 1 ms and at most PT876000H, was PT0.000000001S");
        assertThatThrownBy(() -> Plan.withPause(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Plan.daily(NEW_YORK)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Plan.once().delay(ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Plan.once().times(0)).hasMessage("times must be positive, was 0");
        assertThatThrownBy(() -> Plan.once().maxMissed(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Plan.once().limit(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Plan.once().from(now).until(now)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Plan.once().until(now).from(now)).isInstanceOf(IllegalArgumentException.class);
    }
}
