package io.mutil.timer;

import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What was chosen for a section. Changed only before a {@link Section} has it. */
final class Choices {
    final String name;
    /** Negative if unknown. */
    long total = -1;

    Unit unit = Unit.NONE;
    /** Zero, as the next two, if not chosen. */
    long everyCount;

    long everyNanos;
    long apartNanos;
    /** Negative if not chosen. */
    long slowerNanos = -1;

    Level level = Level.INFO;

    @Nullable
    Log log;

    boolean isLocated;

    @Nullable
    Screen screen;

    @Nullable
    Timings timings;

    @Nullable
    Timer around;

    LongSupplier clock = System::nanoTime;

    Choices(String name) {
        this.name = name;
    }

    /** The same for another name. */
    Choices(Choices other, String name) {
        this.name = name;
        total = other.total;
        unit = other.unit;
        everyCount = other.everyCount;
        everyNanos = other.everyNanos;
        apartNanos = other.apartNanos;
        slowerNanos = other.slowerNanos;
        level = other.level;
        log = other.log;
        isLocated = other.isLocated;
        screen = other.screen;
        timings = other.timings;
        around = other.around;
        clock = other.clock;
    }

    boolean reports() {
        return (everyCount > 0 || everyNanos > 0) && level != Level.OFF;
    }

    Wording wording() {
        return new Wording(unit, total);
    }
}
