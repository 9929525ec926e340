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
    void whoIsClosedTakesThoseInsideAlong() {
        try (Timer a = start("a")) {
            Timer b = start("b");
            try (Timer c = start("c")) {
                b.close();
                try (Timer d = start("d");
                        Timer e = start("e")) {
                    assertThat(c.path()).isEqualTo("a/b/c");
                    assertThat(d.path()).isEqualTo("a/d");
                    assertThat(e.path()).isEqualTo("a/d/e");
                }
            }
            assertThat(Nesting.path()).isEqualTo(a.path());
        }
    }

    @Test
    void whatIsLeftOpenInsideASectionEndsWithIt() {
        try (Timer request = start("request")) {
            start("forgotten");
            assertThat(Nesting.path()).isEqualTo(request.path() + "/forgotten");
        }

        assertThat(Nesting.size()).isZero();
    }

    @Test
    void ofTimersThatOverlapForEverNoneIsInsideOneThatWasClosed() {
        Timings timings = Timings.create();
        var open = new ArrayDeque<Timer>();
        for (int i = 0; i < 1_000; i++) {
            Timer next = Timer.named("x").level(Level.OFF).into(timings).start();
            open.addLast(next);
            // of four that are open the outermost is closed, and with it the nesting begins anew
            int depth = i % 4;
            assertThat(next.path()).isEqualTo("x" + "/x".repeat(depth));
            assertThat(Nesting.size()).isEqualTo(depth + 1);
            if (open.size() > 3) {
                open.removeFirst().close();
            }
        }
        open.forEach(Timer::close);

        assertThat(timings.stats()).extracting(SectionStats::path).containsExactly("x", "x/x", "x/x/x", "x/x/x/x");
        assertThat(timings.stats()).extracting(SectionStats::count).containsOnly(250L);
    }

    @Test
    void ofTimersThatNobodyClosesTheFirstOnesAndTheLastAreKept() throws Exception {
        Background.run(() -> {
                    for (int i = 1; i <= 1_000; i++) {
                        start("t" + i);
                    }
                    assertThat(Nesting.size()).isEqualTo(Place.DEEPEST);
                    assertThat(Nesting.path()).startsWith("t1/t2/t3/").endsWith("/t62/t63/t1000");
                })
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void recursionThatIsTooDeepComesBackToWhereItBegan() {
        try (Timer top = start("top")) {
            recurse(2 * Place.DEEPEST);
            assertThat(Nesting.path()).isEqualTo(top.path());
        }
    }

    private void recurse(int deeper) {
        try (Timer down = start("down")) {
            if (deeper > 0) {
                recurse(deeper - 1);
            }
            try (Timer up = start("up")) {
                int depth = Math.min(Place.DEEPEST - 2, 2 * Place.DEEPEST - deeper + 1);
                assertThat(up.path()).isEqualTo("top" + "/down".repeat(depth) + "/up");
                assertThat(down.path()).startsWith("top/down");
            }
        }
    }

    @Test
    void whatIsHandedToAnotherThreadIsAroundWhatFollowsUnlessDetached() throws Exception {
        try (Timer load = start("load")) {
            Section parse = Timer.named("parse").logger(logger).within(load).detached();
            Timer handedOver = parse.start();
            Timer started = load.child("child");
            try (Timer here = start("here")) {
                assertThat(handedOver.path()).isEqualTo("load/parse");
                assertThat(here.path()).isEqualTo("load/child/here");
                Background.run(handedOver::close).get(30, TimeUnit.SECONDS);
                assertThat(Nesting.path()).isEqualTo(here.path());
                Background.run(started::close).get(30, TimeUnit.SECONDS);
                assertThat(Nesting.path()).isEqualTo(load.path());
            }
        }
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
