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
 * does not see an exception that leaves the block, and tells the time it took; {@link #run} and {@link #call} do, and say so, and
 * those of {@link Section} hand over the timer to count steps.
 *
 * <p>A timer that is started while another is open on the same thread is inside it, and called {@code load/parse}, at most 64 deep.
 * Timers should be closed in the reverse order, which {@code try} sees to; for others there is {@link Section#detached}. One that is
 * closed before those inside it takes them along: they go on, but what starts next is not inside them.
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

    /**
     * What {@link Section#run(TimedAction)} times.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface TimedAction<X extends Exception> {
        /**
         * Does it.
         *
         * @param timer to count steps; closed by who called this
         * @throws X if it fails
         */
        void run(Timer timer) throws X;
    }

    /**
     * What {@link Section#call(TimedTask)} times.
     *
     * @param <T> of the value
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface TimedTask<T extends @Nullable Object, X extends Exception> {
        /**
         * Does it.
         *
         * @param timer to count steps; closed by who called this
         * @throws X if it fails
         */
        T call(Timer timer) throws X;
    }

    private static final long OPEN = -1;
    private static final Object NO_FAILURE = new Object();
    private static final VarHandle ENDED;
    private static final VarHandle FAILURE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ENDED = lookup.findVarHandle(Timer.class, "ended", long.class);
            FAILURE = lookup.findVarHandle(Timer.class, "failure", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Choices choices;
    private final Place place;
    private final Screen.@Nullable Line line;
    private final Steps steps;
    private final long started;
    private volatile @Nullable Caller caller;
    /** The first {@link Throwable}; or once it is closed what stands for none. */
    @SuppressWarnings("unused") // only by its handle
    private volatile @Nullable Object failure;

    /** Elapsed nanoseconds once it is closed. */
    private volatile long ended = OPEN;

    Timer(Choices choices, @Nullable Place around) {
        this.choices = choices;
        place = new Place(choices.name, choices.timings, around);
        boolean isTold = choices.isWatched() && locate();
        line = choices.screen == null ? null : choices.screen.open();
        started = choices.clock.getAsLong();
        boolean isWatched = line != null || (isTold && choices.reports());
        steps = isWatched ? new Progress(this, choices, line, started).steps() : new Steps();
    }

    /**
     * Starts a timer: short for {@code named(name).start()}. It asks the stack for the class that calls, which takes longer than all the
     * rest; a {@link Section} that is kept in a constant asks once.
     */
    public static Timer start(String name) {
        return section(name, Caller.WALKER.getCallerClass()).start();
    }

    /**
     * Begins to choose what is told about a section. Its log is that of the class that calls this, unless you choose another.
     *
     * @param name neither blank nor with control characters
     */
    public static Section named(String name) {
        return section(name, Caller.WALKER.getCallerClass());
    }

    private static Section section(String name, Class<?> caller) {
        return new Section(new Choices(Checks.name(name), Caller.owner(caller)));
    }

    /**
     * Times an action. If it throws, the section has failed, and the exception passes through.
     *
     * @param <X> what it may throw
     * @throws X if the action does
     */
    public static <X extends Exception> void run(String name, Action<X> action) throws X {
        section(name, Caller.WALKER.getCallerClass()).run(action);
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
        return section(name, Caller.WALKER.getCallerClass()).call(task);
    }

    /**
     * Times a stage until it completes, fails or is cancelled; see {@link Section#stage}.
     *
     * @param <T> of the value
     */
    public static <T extends @Nullable Object> CompletableFuture<T> stage(
            String name, Supplier<? extends CompletionStage<T>> stage) {
        return section(name, Caller.WALKER.getCallerClass()).stage(stage);
    }

    /**
     * Starts a timer inside this one on any thread, with the same logger and level; {@link Section#within} has the other choices.
     *
     * <p>It is the innermost one of the thread that starts it: start it on the thread that works. One that is started here and closed by
     * another thread is for {@link Section#detached}, such as {@code Timer.named("parse").within(t).detached().start()}.
     *
     * @param name neither blank nor with control characters
     */
    public Timer child(String name) {
        return new Section(choices.child(Checks.name(name), place)).start();
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
        FAILURE.compareAndSet(this, null, requireNonNull(failure, "failure"));
    }

    /** The time since the start, up to the end if it is closed. */
    public Duration elapsed() {
        long end = ended;
        return Duration.ofNanos(end == OPEN ? elapsedAt(choices.clock.getAsLong()) : end);
    }

    long elapsedAt(long now) {
        return Math.max(0, now - started);
    }

    /** Names from the outermost section on, such as {@code load/parse}. A name may have a {@code /} of its own. */
    public String path() {
        return place.path();
    }

    Place place() {
        return place;
    }

    boolean isOpen() {
        return ended == OPEN;
    }

    /**
     * Stops the time, adds it up and logs it. Any thread may; again it does nothing. A report that another thread is about to write may
     * follow.
     */
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
        // what comes later counts neither in the figures nor in the log
        Throwable outcome = (Throwable) FAILURE.compareAndExchange(this, null, NO_FAILURE);
        Nesting.leave(this);
        place.record(elapsed, outcome != null);
        if (line != null) {
            line.close();
        }
        if (choices.level != Level.OFF && (elapsed > choices.slowerNanos || outcome != null)) {
            tellEnd(elapsed, outcome);
        }
    }

    private void tellEnd(long elapsed, @Nullable Throwable outcome) {
        if (choices.log().isOn(choices.level)) {
            say(choices.wording().ended(path(), steps.count(), elapsed, outcome));
        }
    }

    /** Remembers who calls while it is on the stack, and tells whether its lines are wanted. */
    boolean locate() {
        if (choices.level == Level.OFF || !choices.log().isOn(choices.level)) {
            return false;
        }
        if (tellsCaller()) {
            caller();
        }
        return true;
    }

    private boolean tellsCaller() {
        return choices.isLocated || choices.log().tellsCaller();
    }

    private Caller caller() {
        Caller known = caller;
        if (known != null) {
            return known;
        }
        Caller found = Caller.find(choices.owner);
        caller = found;
        return found;
    }

    /** Writes a line to the log. */
    void say(String message) {
        Caller from = tellsCaller() ? caller() : null;
        String text = choices.isLocated ? message + " at " + from : message;
        Screen.aside(() -> choices.log().write(choices.level, from, text));
    }

    @Override
    public String toString() {
        return "Timer[" + path() + ", " + steps.count() + " steps, "
                + Human.duration(elapsed().toNanos()) + (isOpen() ? "]" : ", closed]");
    }
}
