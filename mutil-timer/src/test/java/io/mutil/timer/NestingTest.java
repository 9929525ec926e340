package io.mutil.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NestingTest {
    private final FakeLogger logger = new FakeLogger();

    private Timer start(String name) {
        return Timer.named(name).logger(logger).start();
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(Nesting.path()).isNull();
    }

    @Test
    void whatIsStartedInsideHasThePathOfAll() {
        try (Timer load = start("load");
                Timer parse = start("parse")) {
            try (Timer row = start("row")) {
                assertThat(row.path()).isEqualTo("load/parse/row");
            }
            try (Timer row = start("other")) {
                assertThat(row.path()).isEqualTo("load/parse/other");
            }
            assertThat(parse.path()).isEqualTo("load/parse");
            assertThat(load.path()).isEqualTo("load");
        }
    }

    @Test
    void anotherThreadBeginsAnewUnlessItIsTold() throws Exception {
        try (Timer load = start("load")) {
            Background.run(() -> {
                        try (Timer alone = start("alone");
                                Timer child = load.child("parse");
                                Timer inner = start("row")) {
                            assertThat(alone.path()).isEqualTo("alone");
                            assertThat(child.path()).isEqualTo("load/parse");
                            assertThat(inner.path()).isEqualTo("load/parse/row");
                        }
                        assertThat(Nesting.path()).isNull();
                    })
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void withinPutsAChosenSectionInside() {
        try (Timer load = start("load")) {
            try (Timer between = start("between");
                    Timer parse =
                            Timer.named("parse").logger(logger).within(load).start()) {
                assertThat(between.path()).isEqualTo("load/between");
                assertThat(parse.path()).isEqualTo("load/parse");
            }
        }
    }

    @Test
    void closingInTheWrongOrderDoesNoHarm() {
        Timer a = start("a");
        Timer b = start("b");
        Timer c = start("c");
        a.close();
        b.close();
        try (Timer d = start("d")) {
            assertThat(d.path()).isEqualTo("c/d");
        }
        c.close();

        try (Timer e = start("e")) {
            assertThat(e.path()).isEqualTo("e");
        }
    }

    @Test
    void whatWasClosedInBetweenIsNotAroundWhatFollows() {
        try (Timer a = start("a")) {
            Timer b = start("b");
            try (Timer c = start("c")) {
                b.close();
                try (Timer d = start("d");
                        Timer e = start("e")) {
                    assertThat(c.path()).isEqualTo("a/b/c");
                    assertThat(d.path()).isEqualTo("a/c/d");
                    assertThat(e.path()).isEqualTo("a/c/d/e");
                }
            }
            assertThat(Nesting.path()).isEqualTo(a.path());
        }
    }

    @Test
    void timersThatOverlapForEverTakeNoMoreThanAreOpen() {
        Timings timings = Timings.create();
        var open = new ArrayDeque<Timer>();
        for (int i = 0; i < 10_000; i++) {
            open.addLast(Timer.named("x").level(Level.OFF).into(timings).start());
            if (open.size() > 3) {
                open.removeFirst().close();
            }
        }

        assertThat(open.getLast().path()).isEqualTo("x/x/x/x");
        assertThat(Nesting.size()).isEqualTo(3);
        assertThat(timings.stats())
                .extracting(SectionStats::path)
                .containsExactlyInAnyOrder("x", "x/x", "x/x/x", "x/x/x/x");
        open.forEach(Timer::close);
    }

    @Test
    void ofTimersThatNobodyClosesTheLastFewAreKept() throws Exception {
        Background.run(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        start("x");
                    }
                    assertThat(Nesting.size()).isEqualTo(Place.DEEPEST);
                    assertThat(Nesting.path()).hasSize(2 * Place.DEEPEST - 1);
                })
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatWouldBeTooDeepIsBesideTheDeepest() {
        Timer deepest = start("top");
        deepest.close();
        for (int i = 0; i < 100; i++) {
            deepest = deepest.child("x");
            deepest.close();
        }

        assertThat(deepest.path()).isEqualTo("top" + "/x".repeat(Place.DEEPEST - 1));
    }

    @Test
    void detachedTimersAreNeitherInsideNorAround() {
        Section detached = Timer.named("event").logger(logger).detached();
        try (Timer load = start("load");
                Timer event = detached.start();
                Timer chosen = detached.within(load).start();
                Timer parse = start("parse");
                Timer child = event.child("part")) {
            assertThat(event.path()).isEqualTo("event");
            assertThat(chosen.path()).isEqualTo("load/event");
            assertThat(parse.path()).isEqualTo("load/parse");
            assertThat(child.path()).isEqualTo("event/part");
        }
    }

    @Test
    void closingElsewhereDoesNoHarm() throws Exception {
        Timer a = start("a");
        Timer b = start("b");
        Background.run(b::close).get(30, TimeUnit.SECONDS);
        try (Timer c = start("c")) {
            assertThat(c.path()).isEqualTo("a/c");
        }
        Background.run(a::close).get(30, TimeUnit.SECONDS);

        try (Timer d = start("d")) {
            assertThat(d.path()).isEqualTo("d");
        }
    }

    @Test
    void aChildHasTheLoggerOfTheOneAround() {
        try (Timer load = start("load")) {
            load.child("parse").close();
        }

        assertThat(logger.lines()).hasSize(2);
        assertThat(logger.lines().get(0)).startsWith("load/parse: ");
    }
}
