package io.mutil.timer;

import org.jspecify.annotations.Nullable;

/** What a timer tells while its section is open: reports in the log, or a line on the terminal. */
final class Progress implements Steps.Watch {
    private static final long REDRAW_NANOS = 100_000_000;

    private final Timer timer;
    private final Choices choices;
    private final Screen.@Nullable Line line;
    private final Schedule schedule;
    private final Pace pace;
    private final Rate rate;

    /** @param line null if reports go to the log */
    Progress(Timer timer, Choices choices, Screen.@Nullable Line line, long started) {
        this.timer = timer;
        this.choices = choices;
        this.line = line;
        schedule = line == null
                ? new Schedule(choices.everyCount, choices.everyNanos, choices.apartNanos, choices.slowerNanos, started)
                : new Schedule(0, REDRAW_NANOS, REDRAW_NANOS / 2, -1, started);
        pace = new Pace(started);
        rate = new Rate(started);
    }

    Steps steps() {
        return new Steps(this, schedule.firstCount());
    }

    @Override
    public long look(long count, long steps) {
        long now = choices.clock.getAsLong();
        if (schedule.isDue(count, now) && timer.isOpen()) {
            tell(count, now);
        }
        return schedule.nextLook(pace.next(count, steps, now), now);
    }

    private void tell(long count, long now) {
        double perSecond = rate.perSecond(count, now);
        long elapsed = timer.elapsedAt(now);
        Wording wording = choices.wording();
        if (line == null) {
            timer.say(wording.report(timer.path(), count, elapsed, perSecond));
        } else if (line.isShown()) {
            line.show(wording.head(timer.path(), count), wording.rest(count, elapsed, perSecond));
        }
    }
}
