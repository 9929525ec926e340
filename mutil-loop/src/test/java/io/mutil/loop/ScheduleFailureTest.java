package io.mutil.loop;

import static io.mutil.loop.ScheduleTime.started;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.loop.Run.Outcome;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs, executors and schedulers that fail. */
class ScheduleFailureTest {
    private final ScheduleTime time = new ScheduleTime("2024-01-01T00:00:00Z");
    private final Schedule schedule = time.schedule();

    @AfterEach
    void close() {
        schedule.close();
    }

    @Test
    void failuresCountAmongTheTimesAndEndNothing() {
        schedule.add("a", Plan.every(ofSeconds(1)).times(5), () -> {
            throw new StackOverflowError("deep");
        });

        try (var log = LogLines.of(Schedule.class, Level.WARNING)) {
            time.advance(ofMinutes(1));
            assertThat(log.at(Level.WARNING))
                    .hasSize(5)
                    .allMatch(line -> line.startsWith("task \"a\" due at 2024-01-01T00:00:0"));
            assertThat(log.all()).allMatch(line -> line.getThrown() instanceof StackOverflowError);
        }

        assertThat(schedule.history("a")).hasSize(5).allMatch(run -> run.outcome() == Outcome.FAILED);
        assertThat(schedule.history("a")).allMatch(run -> run.error() instanceof StackOverflowError);
        assertThat(schedule.stats().failed()).isEqualTo(5);
        assertThat(schedule.names()).isEmpty();
    }

    @Test
    void aPauseFollowsAFailureToo() {
        schedule.add("a", Plan.withPause(ofSeconds(10)).times(3), () -> {
            throw new IOException("no answer");
        });

        try (var log = LogLines.of(Schedule.class, Level.WARNING)) {
            time.advance(ofSeconds(30));
            assertThat(log.at(Level.WARNING)).hasSize(3);
        }

        assertThat(started(schedule, "a"))
                .containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:00:10Z", "2024-01-01T00:00:20Z");
    }

    @Test
    void aRunThatTakesTooLongIsInterruptedAndReported() {
        schedule.add("a", Plan.every(ofMinutes(1)).limit(ofSeconds(5)).times(2), () -> {
            time.advance(ofSeconds(4));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            time.advance(ofSeconds(4));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        });

        try (var log = LogLines.of(Schedule.class, Level.WARNING)) {
            time.advance(ofMinutes(2));
            assertThat(log.at(Level.WARNING))
                    .hasSize(2)
                    .allMatch(line ->
                            line.contains("limit of PT5S") && line.contains("io.mutil.loop.ScheduleFailureTest"));
        }

        assertThat(schedule.history("a")).hasSize(2).allMatch(run -> run.outcome() == Outcome.TIMED_OUT);
        assertThat(schedule.history("a")).allMatch(run -> run.duration().equals(ofSeconds(8)));
        assertThat(schedule.stats().timedOut()).isEqualTo(2);
    }

    @Test
    void aRunThatEndsInTimeLeavesNoTimerBehind() {
        schedule.add("a", Plan.once().limit(ofHours(1)), time.taking(ofSeconds(1)));

        time.advance(ofMinutes(1));

        assertThat(time.pending()).isZero();
    }

    @Test
    void aRefusedRunFailsAndTheTaskGoesOn() {
        Schedule refusing = Schedule.builder()
                .clock(time)
                .scheduler(time)
                .executor(run -> {
                    throw new RejectedExecutionException("full");
                })
                .start();
        refusing.add("a", Plan.every(ofSeconds(10)).times(2), () -> {});

        try (var log = LogLines.of(Schedule.class, Level.WARNING)) {
            time.advance(ofMinutes(1));
            assertThat(log.at(Level.WARNING)).hasSize(2);
        }

        assertThat(refusing.history("a")).hasSize(2).allMatch(run -> run.error() instanceof RejectedExecutionException);
    }

    @Test
    void saysWhenTheSchedulerTakesNoMoreTimers() {
        schedule.add("a", Plan.every(ofSeconds(10)), time.taking(Duration.ZERO));
        time.refuse();

        try (var log = LogLines.of(Schedule.class, Level.WARNING)) {
            time.advance(ofSeconds(30));
            assertThat(log.at(Level.SEVERE)).isNotEmpty();
        }

        assertThatThrownBy(() -> schedule.add("b", Plan.once(), () -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void anErrorOfTheExecutorEndsNeitherItsTaskNorThoseDueWithIt() {
        int[] calls = {0};
        try (Schedule busy = Schedule.builder()
                        .clock(time)
                        .scheduler(time)
                        .executor(run -> {
                            if (++calls[0] <= 2) {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            run.run();
                        })
                        .start();
                var log = LogLines.of(Schedule.class, Level.WARNING)) {
            busy.add("a", Plan.every(ofSeconds(10)), () -> {});
            busy.add("b", Plan.every(ofSeconds(10)), () -> {});

            time.advance(ofSeconds(15));

            for (String name : List.of("a", "b")) {
                assertThat(busy.history(name)).map(Run::outcome).containsExactly(Outcome.FAILED, Outcome.SUCCEEDED);
            }
            assertThat(log.at(Level.WARNING)).hasSize(2).allMatch(line -> line.contains("got no thread"));
        }
    }

    @Test
    void aTaskThatNoTimerIsTakenForIsNotAdded() {
        time.refuse();

        assertThatThrownBy(() -> schedule.add("a", Plan.once(), () -> {}))
                .isInstanceOf(RejectedExecutionException.class);

        assertThat(schedule.names()).isEmpty();
        assertThat(schedule.stats().tasks()).isZero();
    }

    @Test
    void whatARunThrowsWhenItIsInterruptedIsLoggedUnlessThatIsWhy() {
        schedule.add("bad", Plan.once(), () -> {
            schedule.cancelNow("bad");
            throw new IOException("half written");
        });
        schedule.add("good", Plan.once(), () -> {
            schedule.cancelNow("good");
            throw new InterruptedException();
        });

        try (var log = LogLines.of(Schedule.class, Level.WARNING)) {
            time.advance(ofSeconds(1));
            assertThat(log.at(Level.WARNING))
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .startsWith("task \"bad\" due at")
                            .endsWith("failed when it was interrupted"));
        }

        assertThat(schedule.stats().cancelled()).isEqualTo(2);
    }

    @Test
    void aRunEndsThoughTheLogFails() {
        var broken = new FullDisk();
        schedule.add("a", Plan.every(ofSeconds(10)), () -> {
            throw new IOException("no answer");
        });
        Logger logger = Logger.getLogger(Schedule.class.getName());
        logger.addHandler(broken);
        try (var log = LogLines.of(Schedule.class, Level.INFO)) {
            time.advance(ofSeconds(15));
            assertThat(log.all()).hasSizeLessThanOrEqualTo(2);
        } finally {
            logger.removeHandler(broken);
        }

        assertThat(schedule.stats().failed()).isEqualTo(2);
    }
}
