package io.mutil.examples;

import io.mutil.loop.Missed;
import io.mutil.loop.Plan;
import io.mutil.loop.SafeLoop;
import io.mutil.loop.SafeLoopScope;
import io.mutil.loop.Schedule;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Prints the time every second, tidies up at two in the morning, and ends in order at Ctrl-C. */
public final class Nightly {
    private final ZoneId zone;
    private final Duration tick;
    private final PrintStream out;

    /** Writes to the given stream; package-private so that tests can read along. */
    Nightly(ZoneId zone, Duration tick, PrintStream out) {
        this.zone = zone;
        this.tick = tick;
        this.out = out;
    }

    /** Takes the name of a time zone; without one it is the system's. */
    public static void main(String... args) {
        ZoneId zone = args.length == 0 ? ZoneId.systemDefault() : ZoneId.of(args[0]);
        System.exit(SafeLoop.run(new Nightly(zone, Duration.ofSeconds(1), System.out)::run));
    }

    /** The body of the program. */
    void run(SafeLoopScope scope) throws InterruptedException {
        Schedule schedule = scope.use("schedule", Schedule.start());
        Plan atTwo =
                Plan.daily(zone, LocalTime.of(2, 0)).missed(Missed.RUN_ONCE).limit(Duration.ofHours(1));
        schedule.add("tidy up", atTwo, () -> out.println("tidied up"));
        schedule.next("tidy up").ifPresent(at -> out.println("tidies up at " + at.atZone(zone) + "  (Ctrl-C stops)"));
        schedule.add("clock", Plan.every(tick), this::tell);
        scope.awaitStop();
        schedule.close();
        out.println("stopped; the clock told the time " + schedule.stats().succeeded() + " times");
    }

    private void tell() {
        out.println(LocalTime.now(zone).truncatedTo(ChronoUnit.SECONDS));
    }
}
