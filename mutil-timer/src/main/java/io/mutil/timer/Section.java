package io.mutil.timer;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is timed and what is told about it: choices for any number of {@link Timer}s. Begin with {@link Timer#named}.
 *
 * <pre>{@code
 * Section load = Timer.named("load").unit("rows").every(ofSeconds(10)).slowerThan(ofMillis(200));
 * load.total(rows.size()).run(timer -> {
 *     for (Row row : rows) {
 *         store(row);
 *         timer.step();
 *     }
 * });
 * }</pre>
 *
 * <p>Immutable: each choice gives another section, so one may be kept in a constant and shared by threads, as it should be where
 * sections are short.
 */
public final class Section {
    private final Choices choices;

    Section(Choices choices) {
        this.choices = choices;
    }

    private Choices copy() {
        return new Choices(choices);
    }

    /**
     * How many steps there will be, for the share that is done and the time that is left. Default: unknown.
     *
     * @param steps not negative
     */
    public Section total(long steps) {
        Choices changed = copy();
        changed.total = Checks.notNegative("total", steps);
        return new Section(changed);
    }

    /** What the steps are, such as {@code rows}. Default: nothing, only numbers. */
    public Section unit(String name) {
        Choices changed = copy();
        changed.unit = new Unit(Checks.text("unit", name), false);
        return new Section(changed);
    }

    /** The steps are bytes, and told as {@code 3.4 MiB} and {@code KiB/s}. */
    public Section bytes() {
        Choices changed = copy();
        changed.unit = Unit.BYTES;
        return new Section(changed);
    }

    /**
     * Reports whenever a multiple of this number of steps is reached or passed, once however many a {@linkplain Timer#step(long) step}
     * passes. If others step meanwhile the report has their steps too; what is passed while one is written, the next one or the last
     * line tells. Default: no reports.
     *
     * @param steps positive
     */
    public Section every(long steps) {
        Choices changed = copy();
        changed.everyCount = Checks.positive("every", steps);
        return new Section(changed);
    }

    /**
     * Reports with the first step after each multiple of this time since the start, besides what {@link #every(long)} reports. For a
     * steady stream that is within 100 ms, and for one that slows down within 256 calls; where nothing steps nothing is reported.
     * Default: no reports.
     *
     * @param time positive
     */
    public Section every(Duration time) {
        Choices changed = copy();
        changed.everyNanos = Checks.positive("every", time);
        return new Section(changed);
    }

    /**
     * Holds reports off that would come sooner than this after the start or after the last one. Those of {@link #every(Duration)} come
     * as soon as they may. Those of {@link #every(long)} are left out, so that they still tell of multiples; and where many are, not
     * each multiple is looked at, so that the next comes up to 256 calls, or the next multiple after these, later. Default: zero.
     *
     * @param time not negative
     */
    public Section atMostEvery(Duration time) {
        Choices changed = copy();
        changed.apartNanos = Checks.notNegative("atMostEvery", time);
        return new Section(changed);
    }

    /**
     * Tells nothing in the log about a section that is not slower than this, unless it fails; reports begin after it too. {@linkplain #into Timings} have it anyhow.
     *
     * @param time not negative; default: any section is told
     */
    public Section slowerThan(Duration time) {
        Choices changed = copy();
        changed.slowerNanos = Checks.notNegative("slowerThan", time);
        return new Section(changed);
    }

    /**
     * The level of its lines, whether it fails or not, as who handles the failure tells that. Default: {@code INFO}.
     *
     * @param level {@code OFF} for no lines
     */
    public Section level(Level level) {
        if (requireNonNull(level, "level") == Level.ALL) {
            throw new IllegalArgumentException("level must be one of messages, or OFF, was ALL");
        }
        Choices changed = copy();
        changed.level = level;
        return new Section(changed);
    }

    /**
     * Where its lines go. Default: the logger named after the class that called {@link Timer#named}, or the class around that.
     *
     * <p>Records of {@code java.util.logging}, which stands behind {@link System.Logger} unless a program brings something else, have
     * the class and the method of the caller, of which only the class is known where a timer is closed by nobody but the JDK, such as
     * by a future. Other backends have no place for them: see {@link #located}.
     */
    public Section logger(Logger logger) {
        Choices changed = copy();
        changed.log = Logs.of(requireNonNull(logger, "logger"));
        return new Section(changed);
    }

    /**
     * Ends each line with the caller, such as {@code at Loader.load:42}: where reports or a progress line were chosen, and with stages,
     * where the timer was started, else where it is closed.
     */
    public Section located() {
        Choices changed = copy();
        changed.isLocated = true;
        return new Section(changed);
    }

    /**
     * Shows a line on the terminal, which is written over at most ten times a second and erased at the end, in place of reports. Does
     * nothing unless input and output of the process are a terminal: then reports go to the log, as without.
     *
     * <p>The line is that of the timer which was started last. It goes away for the lines of all timers; other output continues it,
     * unless it begins a line itself. {@code NO_COLOR}, {@code TERM} and {@code COLUMNS} are honoured.
     */
    public Section progress() {
        return progress(Screen.ofProcess());
    }

    /** For tests: a terminal of their own. */
    Section progress(@Nullable Screen screen) {
        Choices changed = copy();
        changed.hasProgress = true;
        changed.screen = screen;
        return new Section(changed);
    }

    /** Adds up what its timers measure. Default: where the timers around it go, if anywhere. */
    public Section into(Timings timings) {
        Choices changed = copy();
        changed.timings = requireNonNull(timings, "timings");
        return new Section(changed);
    }

    /**
     * Puts it inside the section of a timer, for those that start on another thread. Default: inside the timer that is the innermost
     * open one of the thread that starts it. For one that another thread than that closes {@link #detached} is to be chosen too.
     */
    public Section within(Timer timer) {
        Choices changed = copy();
        changed.around = requireNonNull(timer, "timer").place();
        return new Section(changed);
    }

    /**
     * Leaves the nesting of the thread alone: its timers are not inside of what is open, unless {@linkplain #within told so}, nor is
     * anything inside them but their {@linkplain Timer#child children}. For those that are open while others come and go, such as from
     * one event to another, or are closed by another thread. Default: nested.
     */
    public Section detached() {
        Choices changed = copy();
        changed.isDetached = true;
        return new Section(changed);
    }

    /** For tests: the clock, in nanoseconds. */
    Section clock(LongSupplier clock) {
        Choices changed = copy();
        changed.clock = clock;
        return new Section(changed);
    }

    /** Starts the time, and unless {@link #detached} makes the timer the innermost one of this thread until it is closed. */
    public Timer start() {
        return Nesting.start(choices);
    }

    /**
     * Times an action. If it throws, the section has failed, and the exception passes through.
     *
     * @param <X> what it may throw
     * @throws X if the action does
     */
    public <X extends Exception> void run(Timer.Action<X> action) throws X {
        requireNonNull(action, "action");
        run(timer -> action.run());
    }

    /**
     * Times an action that counts its steps, as {@link #run(Timer.Action)} does. A reference to a method that is overloaded may fit both:
     * use a lambda.
     *
     * @param <X> what it may throw
     * @throws X if the action does
     */
    public <X extends Exception> void run(Timer.TimedAction<X> action) throws X {
        requireNonNull(action, "action");
        call(timer -> {
            action.run(timer);
            return true;
        });
    }

    /**
     * Times a task. If it throws, the section has failed, and the exception passes through.
     *
     * @param <T> of the value
     * @param <X> what it may throw
     * @return what the task returns
     * @throws X if the task does
     */
    public <T extends @Nullable Object, X extends Exception> T call(Timer.Task<T, X> task) throws X {
        requireNonNull(task, "task");
        return call(timer -> task.call());
    }

    /**
     * Times a task that counts its steps, as {@link #call(Timer.Task)} does. A reference to a method that is overloaded may fit both: use
     * a lambda.
     *
     * @param <T> of the value
     * @param <X> what it may throw
     * @return what the task returns
     * @throws X if the task does
     */
    public <T extends @Nullable Object, X extends Exception> T call(Timer.TimedTask<T, X> task) throws X {
        requireNonNull(task, "task");
        try (Timer timer = start()) {
            try {
                return task.call(timer);
            } catch (Throwable e) {
                timer.fail(e);
                throw e;
            }
        }
    }

    /**
     * Times a stage from before it is made until it completes, fails or is cancelled, whichever thread that is on. While it is made its
     * timer, unless {@link #detached}, is the innermost one of this thread; afterwards neither it is, nor what was started inside it.
     *
     * <p>The result completes as the stage does, right after its line was logged, on the same thread. If it is completed otherwise, as
     * by {@code cancel} or {@code orTimeout}, that first ends the time, and cancels the stage if that is a future.
     *
     * @param <T> of the value
     * @param stage makes it; if this throws, the section has failed, and the exception passes through
     */
    public <T extends @Nullable Object> CompletableFuture<T> stage(Supplier<? extends CompletionStage<T>> stage) {
        requireNonNull(stage, "stage");
        return stage(timer -> stage.get());
    }

    /**
     * Times a stage that counts its steps, or has {@linkplain Timer#child children} on other threads, as {@link #stage(Supplier)} does. A
     * reference to a method that is overloaded may fit both: use a lambda.
     *
     * @param <T> of the value
     * @param stage makes it; if this throws, the section has failed, and the exception passes through
     */
    public <T extends @Nullable Object> CompletableFuture<T> stage(
            Function<? super Timer, ? extends CompletionStage<T>> stage) {
        requireNonNull(stage, "stage");
        return TimedStage.start(start(), stage);
    }

    @Override
    public String toString() {
        return "Section[" + choices.name + "]";
    }
}
