package io.mutil.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.LogLines;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With the logger of the caller, which in these tests is of {@code java.util.logging}. */
class CallerTest {
    @Test
    void closingIsTheCallers() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            Timer.start("load").close();

            assertIsOurs(log, "closingIsTheCallers");
            assertThat(log.all().get(0).getMessage()).startsWith("load: ");
        }
    }

    @Test
    void reportsAreTheCallersWhoeverSteps() throws Exception {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO);
                Timer t = Timer.named("load").every(2).start()) {
            CompletableFuture.runAsync(() -> t.step(2)).get();

            assertIsOurs(log, "reportsAreTheCallersWhoeverSteps");
        }
    }

    @Test
    void runAndCallAreTheCallers() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            Timer.run("a", () -> assertThat(log.all()).isEmpty());
            int one = Timer.call("b", () -> 1);

            assertThat(one).isOne();
            assertThat(log.all()).hasSize(2);
            assertIsOurs(log, "runAndCallAreTheCallers");
        }
    }

    @Test
    void stagesAreTheCallersWhoeverCompletesThem() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            var slow = new CompletableFuture<String>();
            CompletableFuture<String> timed = Timer.stage("fetch", () -> slow);
            CompletableFuture.runAsync(() -> slow.complete("x")).join();

            assertThat(timed).isCompletedWithValue("x");
            assertIsOurs(log, "stagesAreTheCallersWhoeverCompletesThem");
        }
    }

    @Test
    void aLoggerOfTheJdkTellsTheCallerToo() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.FINE)) {
            System.Logger own = System.getLogger(CallerTest.class.getName());
            Timer.named("load").logger(own).level(Level.DEBUG).start().close();

            assertIsOurs(log, "aLoggerOfTheJdkTellsTheCallerToo");
            assertThat(log.all().get(0).getLevel()).isEqualTo(java.util.logging.Level.FINE);
        }
    }

    @Test
    void levelsAreThoseOfTheJdksBridge() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.ALL)) {
            System.Logger own = System.getLogger(CallerTest.class.getName());
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
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.WARNING)) {
            Timer.start("load").close();

            assertThat(log.all()).isEmpty();
        }
    }

    @Test
    void aSectionBelongsToTheClassThatMadeItWhoeverUsesIt() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            Section load = Timer.named("load");
            Elsewhere.close(load.start());
            Elsewhere.close(load.unit("rows").start());

            assertThat(log.all())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line.getSourceClassName()).isEqualTo(Elsewhere.class.getName()));
        }
    }

    @Test
    void aChildHasTheLogOfTheOneAroundWhoeverClosesItFirst() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
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
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            Timer t = Timer.start("load");
            assertThat(CompletableFuture.completedFuture("x").thenRun(t::close)).isCompleted();

            assertIsOurs(log, "whatAFutureClosesIsOfWhoCompletesIt");
        }
    }

    @Test
    void whatOnlyTheJdkClosesIsOfTheClassThatMadeIt() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            Timer t = Timer.named("load").located().start();
            CompletableFuture.runAsync(t::close).join();

            assertThat(log.all()).hasSize(1);
            assertThat(log.all().get(0).getSourceClassName())
                    .isEqualTo(getClass().getName());
            assertThat(log.all().get(0).getSourceMethodName()).isNull();
            assertThat(log.all().get(0).getMessage()).endsWith(" at CallerTest");
        }
    }

    @Test
    void whatTheJdkStartsIsOfWhoAskedItTo() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            Stream.of("a", "b").map(Timer::start).forEach(Timer::close);

            assertThat(log.all()).hasSize(2);
            assertIsOurs(log, "whatTheJdkStartsIsOfWhoAskedItTo");
        }
    }

    @Test
    void aClassInsideAnotherHasTheLogOfTheOneAround() {
        try (LogLines log = LogLines.of(CallerTest.class, java.util.logging.Level.INFO)) {
            Inside.time();

            assertThat(log.all())
                    .singleElement()
                    .extracting(LogRecord::getLoggerName, LogRecord::getSourceClassName)
                    .containsExactly(CallerTest.class.getName(), Inside.class.getName());
        }
    }

    private static final class Inside {
        static void time() {
            Timer.start("load").close();
        }
    }

    private void assertIsOurs(LogLines log, String method) {
        assertThat(log.all()).isNotEmpty().allSatisfy(line -> {
            assertThat(line.getLoggerName()).isEqualTo(CallerTest.class.getName());
            assertThat(line.getSourceClassName()).isEqualTo(getClass().getName());
            assertThat(line.getSourceMethodName()).isEqualTo(method);
        });
    }
}
