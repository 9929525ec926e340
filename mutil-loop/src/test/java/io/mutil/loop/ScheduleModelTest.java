package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.logging.Level;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Random plans, clocks that jump, and runs that take time, against a model that walks from one due time to the next. What the
 * model gets to know are the moments when the schedule looked at the clock, and when runs ended.
 */
class ScheduleModelTest {
    private static final String START = "2024-03-09T12:00:00Z";
    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final Duration LATENESS = Duration.ofMinutes(1);

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

    private record Begin(Instant scheduled, Instant started, Run.Outcome outcome) {}

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
        var model = new Model(plan, Instant.parse(START));
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

    private static void act(String what, Schedule schedule, Model model, ScheduleTime time) {
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

    private static final class Model {
        private final Case plan;
        private final List<Begin> begun = new ArrayList<>();
        private final List<Instant> waiting = new ArrayList<>();
        private final Set<Long> grids = new HashSet<>();
        private Instant added;
        private Instant seen;
        private @Nullable Instant due;
        private boolean passed;
        private boolean running;
        private boolean paused;
        private boolean cancelled;

        Model(Case plan, Instant now) {
            this.plan = plan;
            added = now;
            seen = now;
            due = first();
        }

        /** As if it had been added at {@code added}. */
        private @Nullable Instant first() {
            Instant earliest = added.plusSeconds(plan.delay());
            if (plan.from() != 0 && plan.start().isAfter(earliest)) {
                earliest = plan.start();
            }
            return unlessOver(
                    switch (plan.kind()) {
                        case "daily" -> daily(earliest.minusNanos(1));
                        case "every" -> plan.from() == 0 ? earliest : grid(earliest);
                        default -> earliest;
                    });
        }

        private Instant grid(Instant earliest) {
            Instant at = plan.start();
            while (at.isBefore(earliest)) {
                at = at.plusSeconds(plan.interval());
            }
            return at;
        }

        void look(Instant now) {
            if (running) {
                return;
            }
            see(now);
            if (paused) {
                return;
            }
            pass(now, now, false);
            if (!now.isBefore(plan.end())) {
                waiting.clear();
                due = null;
            }
            if (!waiting.isEmpty() && begun.size() < plan.times()) {
                begun.add(new Begin(waiting.remove(0), Instant.MIN, Run.Outcome.FAILED));
                running = true;
            }
        }

        private void see(Instant now) {
            if (now.isBefore(seen) && !running) {
                if (!passed && due != null) {
                    added = added.minus(Duration.between(now, seen));
                    due = first();
                } else if (!paused) {
                    reset(now);
                }
            }
            seen = now;
        }

        void start(Instant now, Run.Outcome outcome) {
            Begin last = begun.remove(begun.size() - 1);
            begun.add(new Begin(last.scheduled(), now, outcome));
        }

        void end(Instant now) {
            see(now);
            running = false;
            if (plan.kind().equals("pause") && !cancelled) {
                due = unlessOver(now.plusSeconds(plan.interval()));
            }
            pass(now.minusNanos(1), now, true);
            reset(now);
        }

        void resume(Instant now) {
            see(now);
            paused = false;
            if (!running) {
                pass(now.minusNanos(1), now, true);
                reset(now);
            }
        }

        void cancel() {
            cancelled = true;
            waiting.clear();
            due = null;
        }

        private void reset(Instant now) {
            boolean interval = plan.kind().equals("every") || plan.kind().equals("pause");
            if (interval && passed && due != null && due.isAfter(notEarly(now).plusSeconds(2L * plan.interval()))) {
                Instant soon = notEarly(now.plusSeconds(plan.interval()));
                while (!grids.add(aside(soon))) {
                    soon = soon.plusNanos(1);
                }
                due = unlessOver(soon);
            }
        }

        private Instant notEarly(Instant time) {
            return plan.from() != 0 && time.isBefore(plan.start()) ? plan.start() : time;
        }

        private long aside(Instant time) {
            long nanos = time.getEpochSecond() * 1_000_000_000 + time.getNano();
            return Math.floorMod(nanos, Math.max(1, plan.interval()) * 1_000_000_000L);
        }

        private void pass(Instant upTo, Instant now, boolean hindered) {
            List<Instant> times = new ArrayList<>();
            while (due != null && !due.isAfter(upTo)) {
                times.add(due);
                due = unlessOver(after(due));
            }
            if (times.isEmpty()) {
                return;
            }
            if (!passed) {
                grids.add(aside(times.get(0)));
            }
            passed = true;
            Instant last = times.get(times.size() - 1);
            if (plan.kind().equals("pause") || plan.missed() == Missed.RUN_ONCE) {
                waiting.clear();
                waiting.add(last);
            } else if (plan.missed() == Missed.RUN_ALL) {
                waiting.addAll(times);
                while (waiting.size() > plan.most()) {
                    waiting.remove(0);
                }
            } else if (!hindered && !last.plus(LATENESS).isBefore(now)) {
                waiting.add(last);
            }
        }

        /** Once the last due time has come no clock that is set back brings another. */
        private @Nullable Instant unlessOver(@Nullable Instant time) {
            return time == null || !time.isBefore(plan.end()) ? null : time;
        }

        private @Nullable Instant after(Instant time) {
            return switch (plan.kind()) {
                case "every" -> time.plusSeconds(plan.interval());
                case "daily" -> daily(time);
                default -> null;
            };
        }

        /** By looking at the clocks of the zone every half an hour. */
        private Instant daily(Instant after) {
            long half = 1800;
            Instant at = Instant.ofEpochSecond(Math.floorDiv(after.getEpochSecond(), half) * half);
            while (true) {
                if (at.isAfter(after) && isDue(at)) {
                    return at;
                }
                at = at.plusSeconds(half);
            }
        }

        private boolean isDue(Instant at) {
            LocalTime shown = LocalTime.ofInstant(at, ZONE);
            boolean again = LocalTime.ofInstant(at.minusSeconds(3600), ZONE).equals(shown);
            // the only gap and the only overlap within reach of the property
            boolean gapEnds = at.equals(Instant.parse("2024-03-10T07:00:00Z"))
                    && LocalDate.ofInstant(at, ZONE).equals(LocalDate.of(2024, 3, 10))
                    && plan.daily().stream()
                            .anyMatch(time -> time.equals(LocalTime.of(2, 0)) || time.equals(LocalTime.of(2, 30)));
            return gapEnds || (plan.daily().contains(shown) && !again);
        }
    }
}
