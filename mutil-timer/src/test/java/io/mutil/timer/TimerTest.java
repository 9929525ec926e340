package io.mutil.timer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
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
    void aFailureWhileItIsClosedIsToldByFiguresAndLogOrByNeither() {
        Timings timings = Timings.create();
        Section section = section("load").into(timings);
        var whenRead = new AtomicReference<Runnable>(() -> {});
        Timer early = section.clock(() -> {
                    whenRead.get().run();
                    return 0;
                })
                .start();
        whenRead.set(() -> early.fail(new IOException()));
        early.close();
        Timer late = section.start();
        logger.reader(line -> late.fail(new IOException()));
        late.close();

        assertThat(logger.lines()).containsExactly("load: failed after 0 ns with java.io.IOException", "load: 0 ns");
        assertThat(timings.stats().get(0).count()).isEqualTo(2);
        assertThat(timings.stats().get(0).failed()).isOne();
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
}
