package io.mutil.loop;

import io.mutil.loop.ScheduleModelTest.Begin;
import io.mutil.loop.ScheduleModelTest.Case;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks from one due time to the next. */
final class ScheduleModel {
    private static final ZoneId ZONE = ScheduleModelTest.ZONE;
    private static final Duration LATENESS = Duration.ofMinutes(1);

    private final Case plan;
    final List<Begin> begun = new ArrayList<>();
    private final List<Instant> waiting = new ArrayList<>();
    private final Set<Long> grids = new HashSet<>();
    private Instant added;
    private Instant seen;
    private @Nullable Instant due;
    private boolean passed;
    private boolean running;
    boolean paused;
    private boolean cancelled;

    ScheduleModel(Case plan, Instant now) {
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
