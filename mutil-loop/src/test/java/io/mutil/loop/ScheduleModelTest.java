package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.logging.Level;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

/**
 * Random plans, clocks that jump, and runs that take time, against a model that walks from one due time to the next. What the
 * model gets to know are the moments when the schedule looked at the clock, and when runs ended.
 */
class ScheduleModelTest {
    private static final String START = "2024-03-09T12:00:00Z";
    static final ZoneId ZONE = ZoneId.of("America/New_York");

    /** A plan as the model reads it; intervals in seconds, 0 for daily ones. */
    record Case(
            String kind,
            int interval,
            List<LocalTime> daily,
            int times,
            Missed missed,
            int most,
            int delay,
            int from,
            int until,
            int limit) {
        Plan plan() {
            Plan plan = switch (kind) {
                case "every" -> Plan.every(Duration.ofSeconds(interval));
                case "pause" -> Plan.withPause(Duration.ofSeconds(interval));
                case "once" -> Plan.once();
                default -> Plan.daily(ZONE, daily.toArray(LocalTime[]::new));
            };
            Plan limited = plan.times(times)
                    .missed(missed)
                    .maxMissed(most)
                    .delay(Duration.ofSeconds(delay))
                    .until(end())
                    .limit(Duration.ofSeconds(limit));
            return from == 0 ? limited : limited.from(start());
        }

        /** What {@code from} says, unless it is zero, which chooses none. */
        Instant start() {
            return Instant.parse(START).plusSeconds(from);
        }

        Instant end() {
            return Instant.parse(START).plusSeconds(Math.max(delay, from) + until);
        }
    }

    /** Time passes, runs begin that got no thread before, the clock jumps, in seconds, and somebody does something. */
    record Step(int passes, int jump, String then) {}

    record Begin(Instant scheduled, Instant started, Run.Outcome outcome) {}

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<List<LocalTime>> daily = Arbitraries.integers()
                .between(0, 47)
                .map(half -> LocalTime.of(half / 2, half % 2 * 30))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
        return Combinators.combine(
                        Arbitraries.of("every", "every", "pause", "once", "daily", "daily"),
                        Arbitraries.of(1, 7, 30, 60, 600, 3600),
                        daily,
                        Arbitraries.of(1, 3, 10, 1000),
                        Arbitraries.of(Missed.class),
                        Arbitraries.of(1, 3, 100),
                        Combinators.combine(
                                        Arbitraries.of(0, 1, 90, 4000),
                                        Arbitraries.of(0, 0, -5000, 300),
                                        Arbitraries.of(100, 20_000, 500_000),
                                        Arbitraries.of(50, 1_000_000))
                                .as(List::of))
                .as((kind, interval, times, most, missed, number, rest) -> new Case(
                        kind,
                        interval,
                        times,
                        most,
                        missed,
                        number,
                        rest.get(0),
                        rest.get(1),
                        rest.get(2),
                        rest.get(3)));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> jumps = Arbitraries.of(0, 0, 30, 90, -30, -90, 3600, -3600, 100_000, -100_000);
        Arbitrary<String> then = Arbitraries.frequency(
                Tuple.of(12, "nothing"), Tuple.of(3, "pause"), Tuple.of(4, "resume"), Tuple.of(1, "cancel"));
        return Combinators.combine(Arbitraries.of(1, 59, 61, 700, 5000), jumps, then)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Integer>> durations() {
        return Arbitraries.of(0, 0, 1, 20, 100, 3000).list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(tries = 200)
    void runsAreThoseOfTheModel(
            @ForAll("cases") Case plan,
            @ForAll("steps") List<Step> steps,
            @ForAll("durations") List<Integer> durations,
            @ForAll boolean atOnce) {
        try (var log = LogLines.of(Schedule.class, Level.OFF)) {
            compare(plan, steps, durations, atOnce);
            assertThat(log.all()).isEmpty();
        }
    }

    @Tag("soak")
    @Property(tries = 20_000)
    void runsAreThoseOfTheModelForLong(
            @ForAll("cases") Case plan,
            @ForAll("steps") List<Step> steps,
            @ForAll("durations") List<Integer> durations,
            @ForAll boolean atOnce) {
        try (var log = LogLines.of(Schedule.class, Level.OFF)) {
            compare(plan, steps, durations, atOnce);
            assertThat(log.all()).isEmpty();
        }
    }

    private static void compare(Case plan, List<Step> steps, List<Integer> durations, boolean atOnce) {
        var time = new ScheduleTime(START);
        var model = new ScheduleModel(plan, Instant.parse(START));
        Queue<Runnable> queue = new ArrayDeque<>();
        int[] runs = {0};
        int[] depth = {0};
        Schedule schedule = Schedule.builder()
                .clock(time)
                .scheduler(time)
                .executor(atOnce ? Runnable::run : queue::add)
                .history(100_000)
                .start();
        time.onFire(model::look);
        schedule.add("a", plan.plan(), () -> {
            assertThat(++depth[0]).isEqualTo(1);
            int duration = durations.get(runs[0]++ % durations.size());
            model.start(time.instant(), duration >= plan.limit() ? Run.Outcome.TIMED_OUT : Run.Outcome.SUCCEEDED);
            time.advance(Duration.ofSeconds(duration));
            depth[0]--;
            model.end(time.instant());
        });

        for (Step step : steps) {
            time.advance(Duration.ofSeconds(step.passes()));
            drain(queue);
            time.jump(Duration.ofSeconds(step.jump()));
            act(step.then(), schedule, model, time);
        }
        time.advance(Duration.ofMinutes(2));
        drain(queue);

        List<Begin> begun = schedule.history("a").stream()
                .map(run -> new Begin(run.scheduled(), run.started(), run.outcome()))
                .toList();
        assertThat(begun).isEqualTo(model.begun);
        check(plan, begun);
        assertThat(time.sleeps().stream().filter(sleep -> sleep.toSeconds() != plan.limit()))
                .allMatch(sleep -> sleep.compareTo(Duration.ofMinutes(1)) <= 0);
        schedule.close();
    }

    private static void drain(Queue<Runnable> queue) {
        for (int waiting = queue.size(); waiting > 0; waiting--) {
            queue.remove().run();
        }
    }

    private static void act(String what, Schedule schedule, ScheduleModel model, ScheduleTime time) {
        switch (what) {
            case "pause" -> {
                schedule.pause("a");
                model.paused = true;
            }
            case "resume" -> {
                schedule.resume("a");
                model.resume(time.instant());
            }
            case "cancel" -> {
                schedule.cancel("a");
                model.cancel();
            }
            default -> {}
        }
    }

    private static void check(Case plan, List<Begin> begun) {
        assertThat(begun).hasSizeLessThanOrEqualTo(plan.times());
        assertThat(begun).allMatch(run -> run.scheduled().isBefore(plan.end()));
        assertThat(begun).allMatch(run -> plan.from() == 0 || !run.scheduled().isBefore(plan.start()));
        if (!plan.kind().equals("pause")) {
            // a pause counts from the end of a run, whatever the clock says then
            assertThat(begun).extracting(Begin::scheduled).doesNotHaveDuplicates();
        }
    }
}
