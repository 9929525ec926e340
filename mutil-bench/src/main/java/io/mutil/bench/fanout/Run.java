package io.mutil.bench.fanout;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the modes have in common.
 *
 * @param contestants those that are installed
 */
record Run(PrintStream out, FanoutOptions options, Sockets sockets, List<Contestant> contestants, Verdict verdict) {
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(3);

    /** Whether everything went as it should. */
    static final class Verdict {
        private boolean good = true;

        boolean isGood() {
            return good;
        }
    }

    /** One turn of a contestant, as a mode sees it. */
    interface Turn {
        void take(Scene scene) throws IOException, InterruptedException;
    }

    /** Starts the contestant for one turn. A failure is told, and the others go on. */
    void turn(Contestant contestant, Traffic traffic, int idlers, Turn turn) throws InterruptedException {
        try (Scene scene = Scene.open(contestant, sockets, options, traffic, idlers)) {
            turn.take(scene);
        } catch (IOException | RuntimeException e) {
            verdict.good = false;
            say("  %-18s %-22s failed: %s", contestant.name(), traffic, e.toString());
        }
    }

    /** Tells what is wrong; it counts if the contestant should lose nothing. */
    void check(Contestant contestant, Traffic traffic, Scene scene) {
        String faults = scene.faults();
        if (!faults.isEmpty()) {
            verdict.good &= !contestant.isLossless();
            say("  %-18s %-22s %s", contestant.name(), traffic, faults);
        }
    }

    Duration warmUp() {
        return options.round().compareTo(LONGEST_WARM_UP) < 0 ? options.round() : LONGEST_WARM_UP;
    }

    void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
