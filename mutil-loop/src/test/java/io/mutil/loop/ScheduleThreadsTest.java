package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.loop.Run.Outcome;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Real threads. */
class ScheduleThreadsTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    private void waitForInterrupt() throws InterruptedException {
        begun.countDown();
        never.await();
    }

    @Test
    void runsOnAThreadNamedLikeTheTask() throws Exception {
        var names = new LinkedBlockingQueue<String>();
        try (Schedule schedule = Schedule.start()) {
            schedule.add(
                    "poll",
                    Plan.every(Duration.ofMillis(1)).times(3),
                    () -> names.add(Thread.currentThread().getName()));

            for (int i = 0; i < 3; i++) {
                assertThat(names.take()).startsWith("task \"poll\" due at ");
            }
            Eventually.until("all have ended", () -> schedule.history("poll").size() == 3);
        }
    }

    @Test
    void cancellingMayInterruptARun() throws Exception {
        try (Schedule schedule = Schedule.start()) {
            schedule.add("a", Plan.every(Duration.ofHours(1)), this::waitForInterrupt);
            begun.await();

            assertThat(schedule.cancel("a")).isTrue();
            assertThat(schedule.stats().running()).isEqualTo(1);
            assertThat(schedule.cancelNow("a")).isTrue();

            Eventually.until("it has ended", () -> !schedule.history("a").isEmpty());
            assertThat(schedule.history("a")).singleElement().satisfies(run -> {
                assertThat(run.outcome()).isEqualTo(Outcome.CANCELLED);
                assertThat(run.error()).isInstanceOf(InterruptedException.class);
            });
            assertThat(schedule.cancelNow("a")).isFalse();
        }
    }

    @Test
    void closingInterruptsRunsAndWaitsForThem() throws Exception {
        Schedule schedule = Schedule.start();
        schedule.add("a", Plan.every(Duration.ofHours(1)), this::waitForInterrupt);
        begun.await();

        schedule.close();

        assertThat(schedule.history("a")).hasSize(1);
        assertThat(schedule.stats()).isEqualTo(new ScheduleStats(0, 0, 0, 0, 0, 1, 0, 0));
    }

    @Test
    void closingReportsWhoGoesOn() throws Exception {
        Schedule schedule = Schedule.builder().grace(Duration.ofMillis(1)).start();
        schedule.add("deaf", Plan.once(), () -> {
            begun.countDown();
            while (never.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
                Thread.interrupted();
            }
        });
        begun.await();

        try (var log = LogLines.of(Schedule.class, Level.INFO)) {
            schedule.close();
            assertThat(log.at(Level.WARNING))
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .startsWith("task \"deaf\" due at ")
                            .contains("goes on though the schedule is closed")
                            .contains("io.mutil.loop.ScheduleThreadsTest"));
        } finally {
            never.countDown();
        }
    }

    @Test
    void aTaskMayCloseTheSchedule() {
        Schedule schedule = Schedule.start();
        schedule.add("a", Plan.every(Duration.ofMillis(1)), schedule::close);

        Eventually.until("the only run has ended", () -> schedule.stats().succeeded() == 1);

        assertThat(schedule.names()).isEmpty();
    }

    @Test
    void whatTheExecutorNeverRanIsCancelledAtTheEnd() {
        List<Runnable> queue = new CopyOnWriteArrayList<>();
        Schedule schedule = Schedule.builder().executor(queue::add).start();
        schedule.add("a", Plan.once(), begun::countDown);
        Eventually.until("it was handed over", () -> queue.size() == 1);

        schedule.close();
        queue.get(0).run();

        assertThat(begun.getCount()).isEqualTo(1);
        assertThat(schedule.history("a"))
                .singleElement()
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.CANCELLED));
    }

    @Test
    void changesFromManyThreadsLoseNoRunAndLeaveNoneBehind() throws Exception {
        Schedule schedule = Schedule.start();
        var going = new AtomicInteger();
        SafeLoop.Task run = () -> {
            assertThat(going.incrementAndGet()).isEqualTo(1);
            going.decrementAndGet();
        };
        Runnable change = () -> {
            var random = ThreadLocalRandom.current();
            for (int i = 0; i < 300; i++) {
                switch (random.nextInt(5)) {
                    case 0 -> schedule.cancel("a");
                    case 1 -> schedule.cancelNow("a");
                    case 2 -> schedule.pause("a");
                    case 3 -> schedule.resume("a");
                    default -> addIfFree(schedule, run);
                }
            }
        };
        List<Thread> threads =
                Stream.generate(() -> new Thread(change)).limit(4).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        schedule.cancel("a");
        Eventually.until("its last run has ended", () -> schedule.names().isEmpty());
        schedule.add("a", Plan.every(Duration.ofMillis(1)).times(3), begun::countDown);
        begun.await();
        Eventually.until("it is over", () -> schedule.names().isEmpty());
        assertThat(schedule.history("a")).hasSize(3);
        assertThat(schedule.stats().failed()).isZero();
        schedule.close();
    }

    private static void addIfFree(Schedule schedule, SafeLoop.Task run) {
        try {
            schedule.add("a", Plan.every(Duration.ofMillis(1)), run);
        } catch (IllegalStateException e) {
            // another thread was first, or a run goes on
            assertThat(e).hasMessageStartingWith("there is a task \"a\" already");
        }
    }

    @Test
    void closingWhileRunsBeginLeavesNoneUninterrupted() throws Exception {
        for (int i = 0; i < 50; i++) {
            Schedule schedule = Schedule.builder().grace(Duration.ofDays(1)).start();
            for (String name : List.of("a", "b", "c")) {
                schedule.add(name, Plan.every(Duration.ofMillis(1)), never::await);
            }

            schedule.cancelNow("b");
            schedule.close();

            assertThat(schedule.names()).isEmpty();
            assertThat(schedule.stats().running()).isZero();
        }
    }
}
