package io.mutil.timer;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of one section of a program, which is logged when it is closed, as the caller's own line.
 *
 * <pre>{@code
 * try (Timer t = Timer.start("load")) {
 *     for (Row row : rows) {
 *         store(row);
 *         t.step();
 *     }
 * }                          // load: 1,000,000 in 12.3 s, 81,301/s
 * }</pre>
 *
 * <p>{@link #named} has the choices: reports on the way, a progress line, only slow ones, and {@link Timings} that add up. This form
 * does not see an exception that leaves the block, and tells the time it took; {@link #run} and {@link #call} do, and say so.
 *
 * <p>A timer that is started while another is open on the same thread is inside it, and called {@code load/parse}. Timers should be
 * closed in the reverse order, which {@code try} sees to; what is started after one that never is counts as inside it.
 *
 * <p>Time is that of {@link System#nanoTime}. Safe for use by many threads: workers may share one and count their steps together.
 */
public final class Timer implements AutoCloseable {
    /**
     * What {@link Timer#run} times.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Action<X extends Exception> {
        /**
         * Does it.
         *
         * @throws X if it fails
         */
        void run() throws X;
    }

    /**
     * What {@link Timer#call} times.
     *
     * @param <T> of the value
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Task<T extends @Nullable Object, X extends Exception> {
        /**
         * Does it.
         *
         * @throws X if it fails
         */
        T call() throws X;
    }

    private static final long OPEN = -1;
    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(Timer.class, "ended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Section section;
    private final Choices choices;
    /** The one it is inside of. */
    private final @Nullable Timer around;
    /** The one that was the innermost of the thread before. */
    private final @Nullable Timer outer;

    private final @Nullable Timings timings;
    private final @Nullable Node node;
    private final @Nullable Screen screen;
    private final Screen.@Nullable Line line;
    private final Steps steps;
    private final long started;
    private volatile @Nullable Caller caller;
    private volatile @Nullable Throwable failure;
    /** Elapsed nanoseconds once it is closed. */
    private volatile long ended = OPEN;

    Timer(Section section, Choices choices, @Nullable Timer outer) {
        this.section = section;
        this.choices = choices;
        this.outer = outer;
        around = choices.around == null ? outer : choices.around;
        timings = choices.timings == null && around != null ? around.timings : choices.timings;
        node = timings == null ? null : timings.node(nodeAround(timings), choices.name);
        screen = choices.screen == null && around != null ? around.screen : choices.screen;
        line = choices.screen == null ? null : choices.screen.open();
        started = choices.clock.getAsLong();
        steps = line != null || (choices.reports() && locate())
                ? new Progress(this, choices, line, started).steps()
                : new Steps();
    }

    private Node nodeAround(Timings timings) {
        for (Timer timer = around; timer != null; timer = timer.around) {
            if (timer.timings == timings && timer.node != null) {
                return timer.node;
            }
        }
        return timings.root();
    }

    /**
     * Starts a timer: short for {@code named(name).start()}. With no {@link Section} that is kept it asks the stack for the caller's
     * class each time it is closed, which takes far longer than all the rest; one in a constant asks once.
     */
    public static Timer start(String name) {
        return named(name).start();
    }

    /**
     * Begins to choose what is told about a section.
     *
     * @param name neither blank nor with control characters
     */
    public static Section named(String name) {
        return new Section(name);
    }

    /**
     * Times an action. If it throws, the section has failed, and the exception passes through.
     *
     * @param <X> what it may throw
     * @throws X if the action does
     */
    public static <X extends Exception> void run(String name, Action<X> action) throws X {
        named(name).run(action);
    }

    /**
     * Times a task. If it throws, the section has failed, and the exception passes through.
     *
     * @param <T> of the value
     * @param <X> what it may throw
     * @return what the task returns
     * @throws X if the task does
     */
    public static <T extends @Nullable Object, X extends Exception> T call(String name, Task<T, X> task) throws X {
        return named(name).call(task);
    }

    /**
     * Times a stage until it completes, fails or is cancelled; see {@link Section#stage}.
     *
     * @param <T> of the value
     */
    public static <T extends @Nullable Object> CompletableFuture<T> stage(
            String name, Supplier<? extends CompletionStage<T>> stage) {
        return named(name).stage(stage);
    }

    /**
     * Starts a timer inside this one on any thread, with the same logger and level; {@link Section#within} has the other choices.
     *
     * @param name neither blank nor with control characters
     */
    public Timer child(String name) {
        return section.child(name, this).start();
    }

    /** Counts a step. */
    public void step() {
        steps.add(1);
    }

    /**
     * Counts steps at once.
     *
     * @param n not negative; all steps together fit a long
     */
    public void step(long n) {
        steps.add(Checks.notNegative("n", n));
    }

    /** The steps so far. */
    public long steps() {
        return steps.count();
    }

    /**
     * Marks the section as failed, or as cancelled if this is a {@link java.util.concurrent.CancellationException}. Only the class is told. The first one
     * counts, and none once it is closed.
     */
    public void fail(Throwable failure) {
        requireNonNull(failure, "failure");
        if (isOpen() && this.failure == null) {
            this.failure = failure;
        }
    }

    /** The time since the start, up to the end if it is closed. */
    public Duration elapsed() {
        long end = ended;
        return Duration.ofNanos(end == OPEN ? elapsedAt(choices.clock.getAsLong()) : end);
    }

    long elapsedAt(long now) {
        return Math.max(0, now - started);
    }

    /** Names from the outermost section on, such as {@code load/parse}. */
    public String path() {
        var path = new StringBuilder(choices.name);
        for (Timer timer = around; timer != null; timer = timer.around) {
            path.insert(0, '/').insert(0, timer.choices.name);
        }
        return path.toString();
    }

    boolean isOpen() {
        return ended == OPEN;
    }

    @Nullable
    Timer outer() {
        return outer;
    }

    /** Stops the time, adds it up and logs it. Any thread may; again it does nothing. */
    @Override
    public void close() {
        end(null);
    }

    void end(@Nullable Throwable cause) {
        long elapsed = elapsedAt(choices.clock.getAsLong());
        if (cause != null) {
            fail(cause);
        }
        if (!ENDED.compareAndSet(this, OPEN, elapsed)) {
            return;
        }
        Nesting.leave(this);
        if (node != null) {
            node.record(elapsed, failure != null);
        }
        if (line != null) {
            line.close();
        }
        if (choices.level != Level.OFF && (elapsed > choices.slowerNanos || failure != null)) {
            tellEnd(elapsed);
        }
    }

    private void tellEnd(long elapsed) {
        if (log().isOn(choices.level)) {
            say(choices.wording().ended(path(), steps.count(), elapsed, failure));
        }
    }

    /** Remembers who calls while it is on the stack, and tells whether its lines are wanted. */
    boolean locate() {
        if (choices.level == Level.OFF || !log().isOn(choices.level)) {
            return false;
        }
        if (tellsCaller()) {
            caller();
        }
        return true;
    }

    private boolean tellsCaller() {
        return choices.isLocated || log().tellsCaller();
    }

    private Log log() {
        Log known = section.knownLog();
        return known == null ? section.findLog(caller()) : known;
    }

    private Caller caller() {
        Caller known = caller;
        if (known != null) {
            return known;
        }
        Caller found = Caller.find();
        caller = found;
        return found;
    }

    /** Writes a line to the log. */
    void say(String message) {
        Caller from = tellsCaller() ? caller() : null;
        if (screen != null) {
            screen.clear();
        }
        log().write(choices.level, from, choices.isLocated ? message + " at " + from : message);
    }

    @Override
    public String toString() {
        return "Timer[" + path() + ", " + steps.count() + " steps, "
                + Human.duration(elapsed().toNanos()) + (isOpen() ? "]" : ", closed]");
    }
}
