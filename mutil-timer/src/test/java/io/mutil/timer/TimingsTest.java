package io.mutil.timer;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mutil.testkit.Background;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TimingsTest {
    private final FakeClock clock = new FakeClock();
    private final Timings timings = Timings.create();

    private Section section(String name) {
        return Timer.named(name).clock(clock).level(Level.OFF);
    }

    private Timer open(String name) {
        return section(name).into(timings).start();
    }

    private void record(String name, Duration time) {
        try (Timer t = open(name)) {
            clock.advance(time);
            assertThat(t.path()).endsWith(name);
        }
    }

    private List<String> paths() {
        return timings.stats().stream().map(SectionStats::path).toList();
    }

    @Test
    void addsUpWhatHasTheSamePath() {
        for (int i = 1; i <= 100; i++) {
            record("load", ofMillis(i));
        }

        SectionStats load = timings.stats().get(0);
        assertThat(load.count()).isEqualTo(100);
        assertThat(load.total()).isEqualTo(ofMillis(5_050));
        assertThat(load.mean()).isEqualTo(Duration.ofNanos(50_500_000));
        assertThat(load.max()).isEqualTo(ofMillis(100));
        assertClose(load.p50(), 50);
        assertClose(load.p90(), 90);
        assertClose(load.p99(), 99);
    }

    private static void assertClose(Duration time, long millis) {
        assertThat((double) time.toNanos()).isBetween(millis * 1e6 * 127 / 128, millis * 1e6 * 129 / 128);
    }

    @Test
    void quantilesAreNotAboveTheLongest() {
        record("load", Duration.ofNanos(1 << 20));

        SectionStats load = timings.stats().get(0);
        assertThat(load.p50()).isEqualTo(load.max());
        assertThat(load.p99()).isEqualTo(load.max());
    }

    @Test
    void sectionsInsideHaveTheirShareOfTheOneAround() {
        try (Timer load = open("load")) {
            assertThat(load.steps()).isZero();
            section("parse").run(() -> clock.advance(ofMillis(200)));
            section("store").run(() -> clock.advance(ofMillis(700)));
            clock.advance(ofMillis(100));
        }
        record("idle", ofSeconds(3));

        assertThat(paths()).containsExactly("idle", "load", "load/store", "load/parse");
        assertThat(timings.stats()).extracting(SectionStats::share).containsExactly(0.75, 0.25, 0.7, 0.2);
        assertThat(timings.stats()).extracting(SectionStats::depth).containsExactly(0, 0, 1, 1);
        assertThat(timings.stats()).extracting(SectionStats::name).containsExactly("idle", "load", "store", "parse");
    }

    @Test
    void aSectionThatIsStillOpenDoesNotCount() {
        try (Timer load = open("load")) {
            assertThat(load.steps()).isZero();
            section("parse").run(() -> clock.advance(ofMillis(200)));

            assertThat(timings.stats()).extracting(SectionStats::count).containsExactly(0L, 1L);
            assertThat(timings.stats()).extracting(SectionStats::share).containsExactly(0.0, 0.0);
            assertThat(timings.stats().get(0).mean()).isEqualTo(ZERO);
        }
    }

    @Test
    void sectionsInsideMayGoElsewhere() {
        Timings own = Timings.create();
        try (Timer load = open("load");
                Timer parse = section("parse").into(own).start();
                Timer row = section("row").start();
                Timer back = section("back").into(timings).start()) {
            assertThat(List.of(load.path(), parse.path(), row.path(), back.path()))
                    .containsExactly("load", "load/parse", "load/parse/row", "load/parse/row/back");
        }

        assertThat(own.stats()).extracting(SectionStats::path).containsExactly("parse", "parse/row");
        assertThat(paths()).containsExactly("load", "load/back");
    }

    @Test
    void failuresCount() {
        open("load").close();
        try (Timer t = open("load")) {
            t.fail(new IOException());
        }

        assertThat(timings.stats().get(0).count()).isEqualTo(2);
        assertThat(timings.stats().get(0).failed()).isOne();
    }

    @Test
    void newPathsAreCountedTogetherWhereThereAreTooMany() {
        Timings small = Timings.create(3);
        for (String name : List.of("a", "b", "c", "d", "a")) {
            try (Timer t = section(name).into(small).start()) {
                clock.advance(ofMillis(10));
                section("inside").run(() -> clock.advance(ofMillis(1)));
                t.step();
            }
        }

        assertThat(small.stats()).extracting(SectionStats::path).containsExactly("a", "a/inside", "b", "(other)");
        // what is inside b; c, d, and what is inside them
        assertThat(small.stats()).extracting(SectionStats::count).containsExactly(2L, 2L, 1L, 5L);
        assertThat(small).hasToString("Timings[3 of at most 3 paths]");
    }

    @Test
    void sharesAreThoseOfTheOutermostAlsoWhereThereAreTooMany() {
        Timings small = Timings.create(2);
        for (String name : List.of("a", "b")) {
            try (Timer outermost = section(name).into(small).start()) {
                for (String inside : List.of("first", "second")) {
                    section(inside).run(() -> clock.advance(ofMillis(10)));
                }
                assertThat(outermost.steps()).isZero();
            }
        }

        // 20 ms of a, of which 10 ms were of a/second; 20 ms of b, and the same again of what was inside
        assertThat(small.stats()).extracting(SectionStats::path).containsExactly("a", "a/first", "(other)");
        assertThat(small.stats()).extracting(SectionStats::share).containsExactly(0.5, 0.5, 0.5);
        assertThat(small.stats().get(2).total()).isEqualTo(ofMillis(50));
        assertThat(small.stats().get(2).count()).isEqualTo(4);
    }

    @Test
    void deepNestingEndsInTheSamePlace() {
        Timings small = Timings.create(3);
        var open = new ArrayList<Timer>();
        for (int i = 0; i < 10; i++) {
            open.add(section("f").into(small).start());
        }
        for (int i = 9; i >= 0; i--) {
            open.get(i).close();
        }

        assertThat(small.stats()).extracting(SectionStats::path).containsExactly("f", "f/f", "f/f/f", "(other)");
        assertThat(small.stats().get(3).count()).isEqualTo(7);
    }

    @Test
    void losesNothingOfManyThreads() throws Exception {
        int threads = 4;
        int each = 20_000;
        var workers = new ArrayList<CompletableFuture<Void>>();
        Timings bounded = Timings.create(50);
        for (int i = 0; i < threads; i++) {
            workers.add(Background.run(() -> {
                for (int n = 0; n < each; n++) {
                    Timer t = section("n" + n % 100).into(bounded).start();
                    if (n % 2 == 0) {
                        t.fail(new IOException());
                    }
                    t.close();
                }
            }));
        }
        for (CompletableFuture<Void> worker : workers) {
            worker.get(30, TimeUnit.SECONDS);
        }

        assertThat(bounded.stats()).hasSize(51);
        assertThat(bounded.stats().stream().mapToLong(SectionStats::count).sum())
                .isEqualTo((long) threads * each);
        assertThat(bounded.stats().stream().mapToLong(SectionStats::failed).sum())
                .isEqualTo((long) threads * each / 2);
    }

    @Test
    void figuresFitEachOtherWhileOthersRecord() throws Exception {
        record("load", ofSeconds(1));
        var isOver = new AtomicBoolean();
        CompletableFuture<Void> recording = Background.run(() -> {
            while (!isOver.get()) {
                Timer t = open("load");
                clock.advance(Duration.ofNanos(100));
                t.fail(new IOException());
                t.close();
            }
        });
        SectionStats last = timings.stats().get(0);
        while (last.count() < 10_000) {
            SectionStats now = timings.stats().get(0);
            assertThat(now.count()).isGreaterThanOrEqualTo(last.count());
            assertThat(now.failed()).isBetween(last.failed(), now.count());
            assertThat(now.total()).isBetween(last.total(), ofSeconds(1).plusNanos(100 * now.count()));
            assertThat(now.p99()).isLessThanOrEqualTo(now.max());
            last = now;
        }
        isOver.set(true);
        recording.get(30, TimeUnit.SECONDS);
    }

    @Test
    void eachPathHasItsFiguresAfterTimersThatAreClosedInTheWrongOrder() {
        try (Timer a = open("a")) {
            Timer b = open("b");
            Timer c = open("c");
            clock.advance(ofMillis(10));
            b.close();
            record("d", ofMillis(20));
            c.close();
            assertThat(a.steps()).isZero();
        }

        assertThat(timings.stats())
                .extracting(SectionStats::path, SectionStats::count, SectionStats::total)
                .containsExactly(
                        tuple("a", 1L, ofMillis(30)),
                        tuple("a/d", 1L, ofMillis(20)),
                        tuple("a/b", 1L, ofMillis(10)),
                        tuple("a/b/c", 1L, ofMillis(30)));
        assertThat(timings).hasToString("Timings[4 of at most 1000 paths]");
    }

    @Test
    void reportsATable() {
        try (Timer load = open("load")) {
            for (int i = 0; i < 1_000; i++) {
                section("parse").run(() -> clock.advance(ofMillis(2)));
            }
            load.fail(new IOException());
        }

        assertThat(timings.report().lines())
                .containsExactly(
                        "section  count  failed  total    mean     p50     p90     p99     max  share",
                        "load         1       1  2.0 s   2.0 s   2.0 s   2.0 s   2.0 s   2.0 s   100%",
                        "  parse  1,000       0  2.0 s  2.0 ms  2.0 ms  2.0 ms  2.0 ms  2.0 ms   100%");
    }

    @Test
    void anEmptyReportHasItsHeadings() {
        assertThat(timings.report()).startsWith("section  count").hasLineCount(1);
        assertThat(timings.stats()).isEmpty();
    }
}
