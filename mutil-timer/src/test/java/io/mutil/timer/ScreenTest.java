package io.mutil.timer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final String ERASE = "\u001b[K";

    private final FakeClock clock = new FakeClock();
    private final FakeLogger logger = new FakeLogger();
    private final StringWriter shown = new StringWriter();

    private Screen screen(String... variables) {
        var environment = new HashMap<>(Map.of("TERM", "xterm", "NO_COLOR", "1"));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Screen(new PrintWriter(shown), environment);
    }

    private Section section(String name, Screen screen) {
        return Timer.named(name).clock(clock).logger(logger).unit("rows").progress(screen);
    }

    /** What was written since the last call. */
    private String written() {
        String text = shown.toString();
        shown.getBuffer().setLength(0);
        return text;
    }

    private void stepAfterASecond(Timer timer) {
        clock.advance(ofSeconds(1));
        timer.step();
    }

    @Test
    void writesTheLineOverAndErasesItBeforeTheLog() {
        Timer t = section("load", screen()).total(4).start();
        stepAfterASecond(t);
        assertThat(written()).isEqualTo("\rload  25% [=====               ]  1 rows  1.0 rows/s  3.0 s left" + ERASE);
        stepAfterASecond(t);
        assertThat(written()).isEqualTo("\rload  50% [==========          ]  2 rows  1.0 rows/s  2.0 s left" + ERASE);
        t.close();

        assertThat(written()).isEqualTo("\r" + ERASE);
        assertThat(logger.lines()).containsExactly("load: 2 of 4 rows in 2.0 s, 1.0 rows/s");
    }

    @Test
    void withoutATotalThereIsNoBar() {
        Timer t = section("load", screen()).start();
        stepAfterASecond(t);

        assertThat(written()).isEqualTo("\rload  1 rows  1.0 rows/s  1.0 s" + ERASE);
        t.close();
    }

    @Test
    void isWrittenAtMostTenTimesASecond() {
        Timer t = section("load", screen()).start();
        for (int i = 0; i < 3_000; i++) {
            clock.advance(ofMillis(1));
            t.step();
        }

        assertThat(written().chars().filter(c -> c == '\r')).hasSize(30);
        t.close();
    }

    @Test
    void takesThePlaceOfReports() {
        Timer t = section("load", screen()).every(1).start();
        stepAfterASecond(t);

        assertThat(logger.lines()).isEmpty();
        t.close();
    }

    @Test
    void reportsGoToTheLogWhereThereIsNoTerminal() {
        Timer t = Timer.named("load")
                .clock(clock)
                .logger(logger)
                .progress(null)
                .every(1)
                .start();
        stepAfterASecond(t);

        assertThat(logger.lines()).containsExactly("load: 1 in 1.0 s, 1.0/s");
        t.close();
    }

    @Test
    void aQuickSectionShowsNothing() {
        Timer t = section("load", screen()).start();
        clock.advance(ofMillis(99));
        t.step(1_000);
        t.close();

        assertThat(written()).isEmpty();
    }

    @Test
    void belongsToTheTimerThatWasStartedLast() {
        Screen screen = screen();
        Timer outer = section("outer", screen).start();
        stepAfterASecond(outer);
        Timer inner = section("inner", screen).start();
        assertThat(written()).startsWith("\router ");

        stepAfterASecond(outer);
        assertThat(written()).isEmpty();
        stepAfterASecond(inner);
        assertThat(written()).startsWith("\router/inner ");
        inner.close();
        assertThat(written()).isEqualTo("\r" + ERASE);
        stepAfterASecond(outer);

        assertThat(written()).startsWith("\router ");
        outer.close();
        assertThat(written()).isEqualTo("\r" + ERASE);
    }

    @Test
    void closingAnOuterTimerLeavesTheLineOfTheInner() {
        Screen screen = screen();
        Timer outer = section("outer", screen).slowerThan(ofSeconds(60)).start();
        Timer inner = section("inner", screen).start();
        stepAfterASecond(inner);
        assertThat(written()).startsWith("\router/inner ");
        outer.close();

        assertThat(written()).isEmpty();
        inner.close();
        assertThat(written()).isEqualTo("\r" + ERASE);
    }

    @Test
    void makesRoomForTheLogOfTimersInside() {
        Timer outer = section("outer", screen()).start();
        stepAfterASecond(outer);
        written();
        Timer.named("inner").clock(clock).logger(logger).start().close();

        assertThat(written()).isEqualTo("\r" + ERASE);
        stepAfterASecond(outer);
        assertThat(written()).startsWith("\router ");
        outer.close();
    }

    @Test
    void isNotWrittenOnceTheTimerIsClosed() {
        Timer t = section("load", screen()).start();
        t.close();
        stepAfterASecond(t);

        assertThat(written()).isEmpty();
    }

    @Test
    void coloursTheHeadUnlessToldNotTo() {
        Timer t = section("load", screen("NO_COLOR", "")).start();
        stepAfterASecond(t);

        assertThat(written()).isEqualTo("\r\u001b[36mload\u001b[0m  1 rows  1.0 rows/s  1.0 s" + ERASE);
        t.close();
    }

    @Test
    void aDumbTerminalGetsSpacesInsteadOfEscapes() {
        Timer t = section("load", screen("TERM", "dumb", "NO_COLOR", "", "COLUMNS", "40"))
                .start();
        stepAfterASecond(t);

        assertThat(written()).isEqualTo("\rload  1 rows  1.0 rows/s  1.0 s" + " ".repeat(8));
        t.close();
        assertThat(written()).isEqualTo("\r" + " ".repeat(39) + "\r");
    }

    @Test
    void isCutToTheWidth() {
        Timer t = section("a section with a long name", screen("COLUMNS", "20")).start();
        stepAfterASecond(t);
        assertThat(written()).isEqualTo("\ra section with a lo" + ERASE);
        t.close();
        written();

        Timer wide =
                section("\u8aad\u307f\u8fbc\u307f", screen("COLUMNS", "12")).start();
        stepAfterASecond(wide);
        assertThat(written()).isEqualTo("\r\u8aad\u307f\u8fbc\u307f  1" + ERASE);
        wide.close();
    }

    @Test
    void widthIs80UnlessTold() {
        for (String columns : new String[] {"", "x", "-5", "0", "99999999999"}) {
            Timer t = section("n".repeat(100), screen("COLUMNS", columns)).start();
            stepAfterASecond(t);
            assertThat(written()).isEqualTo("\r" + "n".repeat(79) + ERASE);
            t.close();
            written();
        }
    }

    @Test
    void makesRoomForTheLogOfAllTimers() throws Exception {
        Timer load = section("load", screen()).start();
        stepAfterASecond(load);
        written();
        logger.reader(line -> {
            stepAfterASecond(load);
            shown.append(line);
        });
        Background.run(() ->
                        Timer.named("other").clock(clock).logger(logger).start().close())
                .get(30, TimeUnit.SECONDS);

        // nothing is shown while the log is written
        assertThat(written()).isEqualTo("\r" + ERASE + "other: 0 ns");
        stepAfterASecond(load);
        assertThat(written()).startsWith("\rload ");
        load.close();
    }

    @Test
    void theLogWaitsForAChangeThatIsBeingWritten() throws Exception {
        var writing = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        StringWriter slow = slowWriter("", writing, goOn);
        Timer load = section("load", new Screen(new PrintWriter(slow), Map.of("TERM", "xterm")))
                .detached()
                .start();
        CompletableFuture<Void> step = Background.run(() -> stepAfterASecond(load));
        writing.await();
        logger.reader(slow::append);
        var other = new Thread(
                () -> Timer.named("other").clock(clock).logger(logger).start().close());
        other.start();
        Eventually.until("the log waits", () -> other.getState() == Thread.State.WAITING);
        assertThat(logger.lines()).isEmpty();
        goOn.countDown();
        step.get(30, TimeUnit.SECONDS);
        other.join();

        assertThat(slow.toString()).startsWith("\r").endsWith("\r" + ERASE + "other: 0 ns");
        assertThat(slow.toString().chars().filter(c -> c == '\r')).hasSize(2);
        load.close();
    }

    @Test
    void aStepDoesNotWaitForWhoWrites() throws Exception {
        var writing = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        StringWriter slow = slowWriter("\r" + ERASE, writing, goOn);
        Timer load = section("load", new Screen(new PrintWriter(slow), Map.of("TERM", "xterm")))
                .detached()
                .start();
        stepAfterASecond(load);
        String before = slow.toString();
        CompletableFuture<Void> other = Background.run(
                () -> Timer.named("other").clock(clock).logger(logger).start().close());
        writing.await();
        long readings = clock.readings();
        try {
            Background.run(() -> stepAfterASecond(load)).get(30, TimeUnit.SECONDS);
            // it looked, but wrote nothing
            assertThat(clock.readings()).isGreaterThan(readings);
        } finally {
            goOn.countDown();
        }
        other.get(30, TimeUnit.SECONDS);
        assertThat(slow).hasToString(before + "\r" + ERASE);
        load.close();
    }

    /** Waits before it writes a text that begins so. */
    private static StringWriter slowWriter(String beginning, CountDownLatch writing, CountDownLatch goOn) {
        return new StringWriter() {
            @Override
            public void write(String text, int from, int length) {
                if (text.startsWith(beginning)) {
                    writing.countDown();
                    awaitQuietly(goOn);
                }
                super.write(text, from, length);
            }
        };
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLoggerThatThrowsLeavesNoLineBehind() {
        Screen screen = screen();
        Timer outer = Timer.named("outer")
                .clock(clock)
                .level(Level.OFF)
                .progress(screen)
                .start();
        logger.isDeaf();
        assertThatThrownBy(() -> section("broken", screen).start()).hasMessage("no configuration");
        stepAfterASecond(outer);
        assertThat(written()).startsWith("\router ");

        assertThatThrownBy(() -> Screen.aside(() -> {
                    throw new IllegalStateException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(written()).isEqualTo("\r" + ERASE);
        stepAfterASecond(outer);
        assertThat(written()).startsWith("\router ");
        outer.close();
    }
}
