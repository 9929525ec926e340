package io.mutil.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
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
        assertThat(Nesting.current()).isNull();
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
                        assertThat(Nesting.current()).isNull();
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
            assertThat(d.path()).isEqualTo("a/b/c/d");
        }
        c.close();

        try (Timer e = start("e")) {
            assertThat(e.path()).isEqualTo("e");
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
