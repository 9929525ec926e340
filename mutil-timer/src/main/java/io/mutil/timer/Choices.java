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

    /** Whose log it is unless one was chosen. */
    final Class<?> owner;

    @Nullable
    Log log;

    boolean isLocated;

    boolean hasProgress;

    /** Null where there is no terminal too. */
    @Nullable
    Screen screen;

    @Nullable
    Timings timings;

    @Nullable
    Place around;

    /** Whether it leaves the nesting of its thread alone. */
    boolean isDetached;

    LongSupplier clock = System::nanoTime;

    Choices(String name, Class<?> owner) {
        this.name = name;
        this.owner = owner;
    }

    Choices(Choices other) {
        this(other.name, other.owner);
        total = other.total;
        unit = other.unit;
        everyCount = other.everyCount;
        everyNanos = other.everyNanos;
        apartNanos = other.apartNanos;
        slowerNanos = other.slowerNanos;
        level = other.level;
        log = other.log;
        isLocated = other.isLocated;
        hasProgress = other.hasProgress;
        screen = other.screen;
        timings = other.timings;
        around = other.around;
        isDetached = other.isDetached;
        clock = other.clock;
    }

    /** For one inside, the same clock and log, and nothing of what is told about steps. */
    Choices child(String name, Place around) {
        var child = new Choices(name, owner);
        child.around = around;
        child.level = level;
        child.log = log;
        child.isLocated = isLocated;
        child.clock = clock;
        return child;
    }

    Log log() {
        return log == null ? Logs.of(owner) : log;
    }

    boolean isWatched() {
        return hasProgress || reports();
    }

    boolean reports() {
        return (everyCount > 0 || everyNanos > 0) && level != Level.OFF;
    }

    Wording wording() {
        return new Wording(unit, total);
    }
}
