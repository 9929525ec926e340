package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
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
            int until) {
        Plan plan() {
            Plan plan = switch (kind) {
                case "every" -> Plan.every(Duration.ofSeconds(interval));
                case "pause" -> Plan.withPause(Duration.ofSeconds(interval));
                case "once" -> Plan.once();
                default -> Plan.daily(ZONE, daily.toArray(LocalTime[]::new));
            };
            return plan.times(times)
                    .missed(missed)
                    .maxMissed(most)
                    .delay(Duration.ofSeconds(delay))
                    .until(end());
        }

        Instant end() {
            return Instant.parse(START).plusSeconds(delay + until);
        }
    }

    /** Time passes, then the clock jumps; in seconds. */
    record Step(int passes, int jump) {}

    private record Begin(Instant scheduled, Instant started) {}

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
                        Arbitraries.integers().between(0, 4000),
                        Arbitraries.of(100, 20_000, 500_000))
                .as(Case::new);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> jumps = Arbitraries.of(0, 0, 30, 90, -30, -90, 3600, -3600, 100_000, -100_000);
        return Combinators.combine(Arbitraries.of(1, 59, 61, 700, 5000), jumps)
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
            @ForAll("durations") List<Integer> durations) {
        compare(plan, steps, durations);
    }

    @Tag("soak")
    @Property(tries = 20_000)
    void runsAreThoseOfTheModelForLong(
            @ForAll("cases") Case plan,
            @ForAll("steps") List<Step> steps,
            @ForAll("durations") List<Integer> durations) {
        compare(plan, steps, durations);
    }

    private static void compare(Case plan, List<Step> steps, List<Integer> durations) {
        var time = new ScheduleTime(START);
        var model = new Model(plan, Instant.parse(START));
        List<Begin> runs = new ArrayList<>();
        int[] depth = {0};
        Schedule schedule = Schedule.builder()
                .clock(time)
                .scheduler(time)
                .executor(Runnable::run)
                .history(100_000)
                .start();
        time.onFire(model::look);
        schedule.add("a", plan.plan(), () -> {
            assertThat(++depth[0]).isEqualTo(1);
            time.advance(Duration.ofSeconds(durations.get(runs.size() % durations.size())));
            runs.add(new Begin(Instant.MIN, Instant.MIN));
            depth[0]--;
            model.end(time.instant());
        });

        for (Step step : steps) {
            time.advance(Duration.ofSeconds(step.passes()));
            time.jump(Duration.ofSeconds(step.jump()));
        }
        time.advance(Duration.ofMinutes(2));

        List<Begin> begun = schedule.history("a").stream()
                .map(run -> new Begin(run.scheduled(), run.started()))
                .toList();
        assertThat(begun).isEqualTo(model.begun);
        assertThat(begun).hasSizeLessThanOrEqualTo(plan.times());
        assertThat(begun).allMatch(run -> run.started().isBefore(plan.end()));
        assertThat(begun).allMatch(run -> run.scheduled().isBefore(plan.end()));
        Set<Instant> distinct = new HashSet<>();
        assertThat(begun).allMatch(run -> model.reset || distinct.add(run.scheduled()));
        assertThat(time.sleeps()).allMatch(sleep -> sleep.compareTo(Duration.ofMinutes(1)) <= 0);
        schedule.close();
    }

    private static final class Model {
        private final Case plan;
        private final Instant earliest;
        private final List<Begin> begun = new ArrayList<>();
        private final List<Instant> waiting = new ArrayList<>();
        private @Nullable Instant due;
        private boolean passed;
        private boolean running;
        private boolean reset;

        Model(Case plan, Instant now) {
            this.plan = plan;
            earliest = now.plusSeconds(plan.delay());
            due = plan.kind().equals("daily") ? daily(earliest.minusNanos(1)) : earliest;
        }

        void look(Instant now) {
            if (running) {
                return;
            }
            reset(now);
            pass(now, now, false);
            if (!now.isBefore(plan.end())) {
                waiting.clear();
                due = null;
            }
            if (!waiting.isEmpty() && begun.size() < plan.times()) {
                begun.add(new Begin(waiting.remove(0), now));
                running = true;
            }
        }

        void end(Instant now) {
            running = false;
            if (plan.kind().equals("pause")) {
                due = unlessOver(now.plusSeconds(plan.interval()));
            }
            pass(now.minusNanos(1), now, true);
            reset(now);
        }

        private void reset(Instant now) {
            boolean interval = plan.kind().equals("every") || plan.kind().equals("pause");
            if (interval && passed && due != null && due.isAfter(now.plusSeconds(2L * plan.interval()))) {
                due = unlessOver(now.plusSeconds(plan.interval()));
                reset = true;
            }
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
