package io.mutil.timer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TimerTest {
    private final FakeClock clock = new FakeClock();
    private final FakeLogger logger = new FakeLogger();

    private Section section(String name) {
        return Timer.named(name).clock(clock).logger(logger);
    }

    @Test
    void tellsTheTimeWhenItIsClosed() {
        try (Timer t = section("load").start()) {
            clock.advance(ofMillis(3400));
            assertThat(t.elapsed()).isEqualTo(ofMillis(3400));
            assertThat(logger.lines()).isEmpty();
        }

        assertThat(logger.lines()).containsExactly("load: 3.4 s");
    }

    @Test
    void tellsTheStepsAndTheirRate() {
        try (Timer t = section("load").unit("rows").start()) {
            t.step();
            t.step(999);
            t.step(0);
            clock.advance(ofMillis(2500));
            assertThat(t.steps()).isEqualTo(1_000);
        }

        assertThat(logger.lines()).containsExactly("load: 1,000 rows in 2.5 s, 400 rows/s");
    }

    @Test
    void tellsHowFarItCame() {
        try (Timer t = section("load").total(1_000).start()) {
            t.step(900);
            clock.advance(ofSeconds(1));
        }

        assertThat(logger.lines()).containsExactly("load: 900 of 1,000 in 1.0 s, 900/s");
    }

    @Test
    void tellsNothingOfStepsWhereThereAreNone() {
        section("empty").total(0).start().close();

        assertThat(logger.lines()).containsExactly("empty: 0 ns");
    }

    @Test
    void closesOnce() {
        Timer t = section("load").start();
        clock.advance(ofMillis(1));
        t.close();
        clock.advance(ofMillis(1));
        t.close();

        assertThat(logger.lines()).containsExactly("load: 1.0 ms");
        assertThat(t.elapsed()).isEqualTo(ofMillis(1));
        assertThat(t).hasToString("Timer[load, 0 steps, 1.0 ms, closed]");
    }

    @Test
    void tellsTheClassOfAFailureAndNotItsMessage() {
        try (Timer t = section("load").start()) {
            t.step(12);
            clock.advance(ofMillis(20));
            t.fail(new IOException("secret"));
            t.fail(new IllegalStateException("later"));
        }

        assertThat(logger.lines()).containsExactly("load: failed after 20.0 ms with java.io.IOException, 12");
    }

    @Test
    void figuresAndLogTellTheSameOutcomeWhenAFailureRacesWithClosing() throws Exception {
        Timings timings = Timings.create();
        Section section = section("load").into(timings);
        var failure = new IOException();
        var current = new AtomicReference<>(section.detached().start());
        var isOver = new AtomicBoolean();
        CompletableFuture<Void> failing = Background.run(() -> {
            while (!isOver.get()) {
                current.get().fail(failure);
            }
        });
        for (int i = 0; i < 20_000; i++) {
            Timer t = section.start();
            current.set(t);
            t.close();
        }
        isOver.set(true);
        failing.get(30, TimeUnit.SECONDS);

        assertThat(logger.lines().stream().filter(line -> line.contains("failed")))
                .hasSize((int) timings.stats().get(0).failed());
    }

    @Test
    void handsOverTheTimerToCountSteps() throws IOException {
        section("store").unit("rows").total(2).every(1).run(timer -> timer.step(2));
        String value = section("read").bytes().call(timer -> {
            timer.step(4);
            return read("text");
        });
        assertThatThrownBy(() -> section("read").bytes().run(timer -> {
                    timer.step(2);
                    read("");
                }))
                .isInstanceOf(IOException.class);

        assertThat(value).isEqualTo("text");
        assertThat(logger.lines())
                .containsExactly(
                        "store: 2 of 2 rows (100%) in 0 ns, 0.0 rows/s",
                        "store: 2 rows in 0 ns",
                        "read: 4 B in 0 ns",
                        "read: failed after 0 ns with java.io.IOException, 2 B");
    }

    @Test
    void doesNotFailOnceItIsClosed() {
        Timings timings = Timings.create();
        Timer t = section("load").into(timings).start();
        t.close();
        t.fail(new IOException());

        assertThat(timings.stats().get(0).failed()).isZero();
    }

    @Test
    void handsOverWhatATaskReturns() throws IOException {
        String value = section("read").call(() -> read("text"));

        assertThat(value).isEqualTo("text");
        assertThat(logger.lines()).containsExactly("read: 0 ns");
    }

    @Test
    void letsWhatATaskThrowsPass() {
        assertThatThrownBy(() -> section("read").call(() -> read("")))
                .isInstanceOf(IOException.class)
                .hasMessage("nothing to read");

        assertThat(logger.lines()).containsExactly("read: failed after 0 ns with java.io.IOException");
    }

    @Test
    void letsWhatAnActionThrowsPass() {
        assertThatThrownBy(() -> section("store").run(() -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(logger.lines()).containsExactly("store: failed after 0 ns with java.lang.StackOverflowError");
    }

    private static String read(String text) throws IOException {
        if (text.isEmpty()) {
            throw new IOException("nothing to read");
        }
        return text;
    }

    @Test
    void tellsOnlyOfSlowSections() {
        Section slow = section("slow").slowerThan(ofMillis(200)).every(1);
        for (Duration time : new Duration[] {ofMillis(199), ofMillis(200), ofMillis(201)}) {
            try (Timer t = slow.start()) {
                t.step();
                clock.advance(time);
            }
        }

        assertThat(logger.lines()).containsExactly("slow: 1 in 201 ms, 5.0/s");
    }

    @Test
    void tellsOfQuickSectionsThatFail() {
        try (Timer t = section("slow").slowerThan(ofMillis(200)).start()) {
            t.fail(new CancellationException());
        }

        assertThat(logger.lines()).containsExactly("slow: cancelled after 0 ns");
    }

    @Test
    void reportsOfSlowSectionsBeginWhenTheyAreSlow() {
        try (Timer t = section("slow").slowerThan(ofSeconds(1)).every(1).start()) {
            clock.advance(ofMillis(1));
            t.step();
            clock.advance(ofSeconds(2));
            t.step();
        }

        assertThat(logger.lines()).containsExactly("slow: 2 in 2.0 s, 1.0/s", "slow: 2 in 2.0 s, 1.0/s");
    }

    @Test
    void tellsNothingBelowTheLevelOfTheLogger() {
        logger.lowest(Level.INFO);
        try (Timer t = section("load").level(Level.DEBUG).every(1).start()) {
            t.step(5);
            clock.advance(ofSeconds(1));
        }

        assertThat(logger.lines()).isEmpty();
        // on the way not even the clock was read: once for the start, once for the end
        assertThat(clock.readings()).isEqualTo(2);
    }

    @Test
    void doesNotAskTheLoggerWhereTheLevelIsOff() {
        Timings timings = Timings.create();
        try (Timer t = section("load").level(Level.OFF).every(1).into(timings).start()) {
            t.step(5);
            t.fail(new IOException());
        }

        assertThat(logger.questions()).isZero();
        assertThat(timings.stats().get(0).failed()).isOne();
    }

    @Test
    void endsALineWithTheCallerIfToldSo() {
        Timer.named("load").logger(logger).clock(clock).located().start().close();

        assertThat(logger.lines().get(0)).matches("load: 0 ns at TimerTest\\.endsALineWithTheCallerIfToldSo:\\d+");
    }

    @Test
    void aSectionGivesOthersAndStaysAsItIs() {
        Section rows = section("load").unit("rows");
        Section bytes = rows.bytes();

        try (Timer r = rows.start();
                Timer b = bytes.start()) {
            r.step(2_048);
            b.step(2_048);
            clock.advance(ofSeconds(1));
        }

        assertThat(logger.lines())
                .containsExactly("load/load: 2.0 KiB in 1.0 s, 2.0 KiB/s", "load: 2,048 rows in 1.0 s, 2,048 rows/s");
        assertThat(rows).hasToString("Section[load]");
    }

    /** With the logger of the caller, which in these tests is of {@code java.util.logging}. */
    @Nested
    class InTheLogOfTheCaller {
        @Test
        void closingIsTheCallers() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                Timer.start("load").close();

                assertIsOurs(log, "closingIsTheCallers");
                assertThat(log.all().get(0).getMessage()).startsWith("load: ");
            }
        }

        @Test
        void reportsAreTheCallersWhoeverSteps() throws Exception {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO);
                    Timer t = Timer.named("load").every(2).start()) {
                CompletableFuture.runAsync(() -> t.step(2)).get();

                assertIsOurs(log, "reportsAreTheCallersWhoeverSteps");
            }
        }

        @Test
        void runAndCallAreTheCallers() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                Timer.run("a", () -> assertThat(log.all()).isEmpty());
                int one = Timer.call("b", () -> 1);

                assertThat(one).isOne();
                assertThat(log.all()).hasSize(2);
                assertIsOurs(log, "runAndCallAreTheCallers");
            }
        }

        @Test
        void stagesAreTheCallersWhoeverCompletesThem() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                var slow = new CompletableFuture<String>();
                CompletableFuture<String> timed = Timer.stage("fetch", () -> slow);
                CompletableFuture.runAsync(() -> slow.complete("x")).join();

                assertThat(timed).isCompletedWithValue("x");
                assertIsOurs(log, "stagesAreTheCallersWhoeverCompletesThem");
            }
        }

        @Test
        void aLoggerOfTheJdkTellsTheCallerToo() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.FINE)) {
                System.Logger own = System.getLogger(TimerTest.class.getName());
                Timer.named("load").logger(own).level(Level.DEBUG).start().close();

                assertIsOurs(log, "aLoggerOfTheJdkTellsTheCallerToo");
                assertThat(log.all().get(0).getLevel()).isEqualTo(java.util.logging.Level.FINE);
            }
        }

        @Test
        void levelsAreThoseOfTheJdksBridge() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.ALL)) {
                System.Logger own = System.getLogger(TimerTest.class.getName());
                for (Level level : Level.values()) {
                    if (level != Level.ALL && level != Level.OFF) {
                        own.log(level, "bridge");
                        Timer.named("t").level(level).start().close();
                    }
                }

                assertThat(log.all()).hasSize(10);
                for (int i = 0; i < 10; i += 2) {
                    assertThat(log.all().get(i).getLevel())
                            .isEqualTo(log.all().get(i + 1).getLevel());
                }
            }
        }

        @Test
        void tellsNothingThatItsLevelKeepsOut() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.WARNING)) {
                Timer.start("load").close();

                assertThat(log.all()).isEmpty();
            }
        }

        @Test
        void aSectionBelongsToTheClassThatMadeItWhoeverUsesIt() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                Section load = Timer.named("load");
                Elsewhere.close(load.start());
                Elsewhere.close(load.unit("rows").start());

                assertThat(log.all())
                        .hasSize(2)
                        .allSatisfy(
                                line -> assertThat(line.getSourceClassName()).isEqualTo(Elsewhere.class.getName()));
            }
        }

        @Test
        void aChildHasTheLogOfTheOneAroundWhoeverClosesItFirst() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                try (Timer load = Timer.start("load")) {
                    Elsewhere.close(Elsewhere.childOf(load));
                }

                assertThat(log.all())
                        .extracting(LogRecord::getSourceClassName)
                        .containsExactly(Elsewhere.class.getName(), getClass().getName());
            }
        }

        @Test
        void whatAFutureClosesIsOfWhoCompletesIt() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                Timer t = Timer.start("load");
                assertThat(CompletableFuture.completedFuture("x").thenRun(t::close))
                        .isCompleted();

                assertIsOurs(log, "whatAFutureClosesIsOfWhoCompletesIt");
            }
        }

        @Test
        void whatOnlyTheJdkClosesIsOfTheClassThatMadeIt() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                Timer t = Timer.named("load").located().start();
                CompletableFuture.runAsync(t::close).join();

                assertThat(log.all()).hasSize(1);
                assertThat(log.all().get(0).getSourceClassName())
                        .isEqualTo(getClass().getName());
                assertThat(log.all().get(0).getSourceMethodName()).isNull();
                assertThat(log.all().get(0).getMessage()).endsWith(" at TimerTest$InTheLogOfTheCaller");
            }
        }

        @Test
        void whatTheJdkStartsIsOfWhoAskedItTo() {
            try (LogLines log = LogLines.of(TimerTest.class, java.util.logging.Level.INFO)) {
                Stream.of("a", "b").map(Timer::start).forEach(Timer::close);

                assertThat(log.all()).hasSize(2);
                assertIsOurs(log, "whatTheJdkStartsIsOfWhoAskedItTo");
            }
        }

        /** The method of the record, and for nested classes the logger of the one around. */
        private void assertIsOurs(LogLines log, String method) {
            assertThat(log.all()).isNotEmpty().allSatisfy(line -> {
                assertThat(line.getLoggerName()).isEqualTo(TimerTest.class.getName());
                assertThat(line.getSourceClassName()).isEqualTo(getClass().getName());
                assertThat(line.getSourceMethodName()).isEqualTo(method);
            });
        }
    }
}
