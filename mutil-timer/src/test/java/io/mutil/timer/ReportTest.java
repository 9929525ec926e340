package io.mutil.timer;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told on the way. */
class ReportTest {
    private final FakeClock clock = new FakeClock();
    private final FakeLogger logger = new FakeLogger();

    private Section section() {
        return Timer.named("load").clock(clock).logger(logger);
    }

    private void steps(Timer timer, int times, Duration each) {
        steps(timer, times, 1, each);
    }

    private void steps(Timer timer, int times, long atOnce, Duration each) {
        for (int i = 0; i < times; i++) {
            clock.advance(each);
            timer.step(atOnce);
        }
    }

    /** The numbers of steps that were told on the way. */
    private List<String> told() {
        return logger.lines().stream()
                .map(line -> line.replaceFirst("load: ([\\d,]+).*", "$1"))
                .toList();
    }

    @Test
    void comesAtEachMultiple() {
        Timer t = section().unit("rows").every(1_000).start();
        steps(t, 2_500, ofMillis(1));

        assertThat(logger.lines())
                .containsExactly("load: 1,000 rows in 1.0 s, 1,000 rows/s", "load: 2,000 rows in 2.0 s, 1,000 rows/s");
        t.close();
    }

    @Test
    void comesOnceForAStepThatPassesSeveralMultiples() {
        Timer t = section().every(10).start();
        for (long n : new long[] {9, 2, 8, 1, 35, 4, 1}) {
            t.step(n);
        }

        assertThat(told()).containsExactly("11", "20", "55", "60");
        t.close();
    }

    @Property(tries = 300)
    void comesWithEachStepThatPassesAMultiple(
            @ForAll @LongRange(min = 1, max = 50) long every,
            @ForAll @Size(max = 200) List<@IntRange(max = 120) Integer> steps) {
        logger.lines().clear();
        var expected = new ArrayList<String>();
        long count = 0;
        Timer t = section().every(every).start();
        for (int n : steps) {
            t.step(n);
            if ((count + n) / every > count / every) {
                expected.add(Long.toString(count + n));
            }
            count += n;
        }

        assertThat(told().stream().map(text -> text.replace(",", ""))).isEqualTo(expected);
        t.close();
    }

    @Test
    void leavesOutWhatComesTooSoon() {
        Timer t = section().every(10).atMostEvery(ofSeconds(1)).start();
        steps(t, 100, ofMillis(30));

        // multiples come each 300 ms
        assertThat(told()).containsExactly("40", "80");
        t.close();
    }

    @Test
    void comesAtMultiplesOfATimeAlsoWhenOneWasLate() {
        Timer t = section().every(ofSeconds(5)).start();
        steps(t, 70, ofMillis(100));
        clock.advance(ofMillis(5_500));
        steps(t, 30, ofMillis(100));

        // at 5 s; at 12.6 s, as there were no steps before; and at 15 s
        assertThat(told()).containsExactly("50", "71", "95");
        t.close();
    }

    @Test
    void comesAtMultiplesAndAtTimesIfBothAreChosen() {
        Timer t = section().every(30).every(ofSeconds(2)).start();
        steps(t, 65, ofMillis(100));

        assertThat(told()).containsExactly("20", "30", "40", "60");
        t.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4_096, 1L << 40})
    void isOnTimeWithoutReadingTheClockAtEachCall(long atOnce) {
        for (long nanosPerCall : new long[] {5, 100, 1_000, 10_000, 1_000_000, 40_000_000}) {
            logger.lines().clear();
            long readings = clock.readings();
            long calls = Math.min(3_000_000, 3_000_000_000L / nanosPerCall);
            Duration period = ofNanos(calls * nanosPerCall / 3);
            Timer t = section().every(period).start();
            steps(t, (int) calls, atOnce, ofNanos(nanosPerCall));

            long allowed = Math.max(1_000_000, nanosPerCall);
            List<Long> counts = told().stream()
                    .map(text -> Long.valueOf(text.replace(",", "")))
                    .toList();
            assertThat(counts).hasSizeBetween(2, 3);
            for (int i = 0; i < counts.size(); i++) {
                assertThat(counts.get(i) / atOnce * nanosPerCall - period.toNanos() * (i + 1))
                        .isBetween(0L, allowed);
            }
            long mostReadings = Math.max(calls / Pace.LARGEST_CALLS, calls * nanosPerCall / 50_000 * 3 / 2);
            assertThat(clock.readings() - readings).isLessThanOrEqualTo(Math.min(calls + 20, mostReadings + 40));
            t.close();
        }
    }

    @Test
    void isOnTimeSoonAfterAFastStreamGetsSlow() {
        Timer t = section().every(ofSeconds(10)).start();
        steps(t, 1_000_000, ofNanos(1_000));
        steps(t, 200, ofMillis(100));

        // 90 slow steps reach 10 s, and the clock is looked at before fifty more have passed
        assertThat(logger.lines()).hasSizeBetween(1, 2);
        assertThat(Long.parseLong(told().get(0).replace(",", ""))).isBetween(1_000_090L, 1_000_140L);
        t.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4_096})
    void isNeverLateByMoreThanAFewHundredCalls(long atOnce) {
        Timer t = section().every(ofSeconds(10)).start();
        steps(t, 3_000_000, atOnce, ofNanos(2));
        steps(t, 400, atOnce, ofSeconds(1));

        assertThat(Long.parseLong(told().get(0).replace(",", "")) / atOnce)
                .isBetween(3_000_010L, 3_000_010L + Pace.LARGEST_CALLS);
        t.close();
    }

    @Test
    void aTimeThatIsUpTooSoonIsToldAsSoonAsItMayBe() {
        Timer t = section().every(ofSeconds(5)).atMostEvery(ofSeconds(5)).start();
        clock.advance(ofMillis(5_150));
        steps(t, 310, ofMillis(50));

        // at 5.2 s, as there were no steps before, and so at 10.2 s, 15.2 s and 20.2 s
        assertThat(told()).containsExactly("1", "101", "201", "301");
        t.close();
    }

    @Test
    void whatIsNotToldAsTheSectionIsNotSlowDoesNotHoldOthersOff() {
        Timer t = section()
                .every(ofSeconds(5))
                .atMostEvery(ofSeconds(5))
                .slowerThan(ofSeconds(7))
                .start();
        steps(t, 125, ofMillis(100));

        assertThat(told()).containsExactly("71", "121");
        t.close();
    }

    @Test
    void ofCountsOnlyMultiplesAreToldBesideATimeThatIsHeldOff() {
        Timer t = section()
                .every(10)
                .every(ofSeconds(60))
                .atMostEvery(ofSeconds(1))
                .start();
        steps(t, 1_000_000, ofNanos(7_001));

        assertThat(told())
                .hasSizeBetween(4, 7)
                .allSatisfy(count -> assertThat(count).endsWith("0"));
        t.close();
    }

    @Test
    void multiplesThatComeTooSoonAreNotAllLookedAt() {
        Timer apart = section().every(1).atMostEvery(ofSeconds(5)).start();
        steps(apart, 12_000_000, ofNanos(1_000));
        apart.close();
        Timer slow = section().every(1).slowerThan(ofSeconds(60)).start();
        steps(slow, 1_000_000, ofNanos(1_000));
        slow.close();

        assertThat(logger.lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("load: "));
        long first = Long.parseLong(told().get(0).replace(",", ""));
        long second = Long.parseLong(told().get(1).replace(",", ""));
        assertThat(first).isBetween(5_000_000L, 5_000_100L);
        assertThat(second - first).isBetween(5_000_000L, 5_000_100L);
        assertThat(clock.readings()).isLessThan(13_000_000 / 40);
    }

    @Test
    void multiplesThatComeTooSoonBesideATimeAreNotAllLookedAt() {
        Timer t =
                section().every(1).every(ofSeconds(3)).atMostEvery(ofSeconds(5)).start();
        steps(t, 6_000_000, ofNanos(1_000));
        t.close();

        // at 5 s, as soon as the one for 3 s may come; and at the end
        assertThat(logger.lines()).hasSize(2);
        assertThat(clock.readings()).isLessThan(6_000_000 / 40);
    }

    @Test
    void aStepAllocatesNothing() throws ReflectiveOperationException {
        Timer t = Timer.named("load").logger(logger).every(ofHours(1)).start();
        for (int i = 0; i < 100_000; i++) {
            t.step();
        }
        long before = Allocated.bytes();
        for (int i = 0; i < 1_000_000; i++) {
            t.step();
        }

        // a few for the JVM itself; one object for each look would be 60 KB
        assertThat(Allocated.bytes() - before).isLessThan(20_000);
        t.close();
    }

    @Test
    void endsWithWhereItWasStarted() {
        Timer reports = open(section().located().every(1));
        reports.step();
        reports.close();
        open(section().located().progress(null)).close();
        open(section().located()).close();

        assertThat(logger.lines()).hasSize(4);
        assertThat(logger.lines().subList(0, 3))
                .allSatisfy(line -> assertThat(line).matches("load: .* at ReportTest\\.open:\\d+"));
        assertThat(logger.lines().get(3)).contains(" at ReportTest.endsWithWhereItWasStarted:");
    }

    private static Timer open(Section section) {
        return section.start();
    }

    @Test
    void tellsShareAndTimeLeft() {
        Timer t = section().unit("rows").total(1_000).every(200).start();
        steps(t, 400, ofMillis(10));

        assertThat(logger.lines())
                .containsExactly(
                        "load: 200 of 1,000 rows (20%) in 2.0 s, 100 rows/s, 8.0 s left",
                        "load: 400 of 1,000 rows (40%) in 4.0 s, 100 rows/s, 6.0 s left");
        t.close();
    }

    @Test
    void tellsNoTimeLeftOnceAllIsDone() {
        Timer t = section().total(10).every(5).start();
        clock.advance(ofSeconds(1));
        t.step(10);
        t.step(5);

        assertThat(logger.lines())
                .containsExactly("load: 10 of 10 (100%) in 1.0 s, 10.0/s", "load: 15 of 10 (150%) in 1.0 s, 10.0/s");
        t.close();
    }

    @Test
    void rateIsThatOfTheLastHalfMinuteMoreThanOfTheTimeBefore() {
        Timer t = section().every(1_000).start();
        steps(t, 1_000, ofMillis(100));
        steps(t, 1_000, ofMillis(30));

        // 30 s at 33.3 after 100 s at 10: (10 * (e^-1 - e^(-13/3)) + 33.3 * (1 - e^-1)) / (1 - e^(-13/3))
        assertThat(logger.lines().get(1)).contains("in 2m10s, 24.9/s");
        t.close();
    }

    @Test
    void bytesReadAsBytes() {
        Timer t = section().bytes().total(10 << 20).every(1 << 20).start();
        clock.advance(ofSeconds(2));
        t.step(3 << 20);

        assertThat(logger.lines()).containsExactly("load: 3.0 MiB of 10.0 MiB (30%) in 2.0 s, 1.5 MiB/s, 4.7 s left");
        t.close();
    }

    @Test
    void goesOnAfterALoggerThatThrew() {
        logger.breaks();
        Timer t = section().every(10).start();

        assertThatThrownBy(() -> t.step(10)).isInstanceOf(IllegalStateException.class);
        t.step(9);
        assertThatThrownBy(() -> t.step(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(t::close).isInstanceOf(IllegalStateException.class);
        t.close();
        assertThat(t.steps()).isEqualTo(20);
    }

    @Test
    void isNotMadeOnceTheTimerIsClosed() {
        Timer t = section().every(10).start();
        t.close();
        t.step(10);

        assertThat(logger.lines()).containsExactly("load: 0 ns");
    }
}
