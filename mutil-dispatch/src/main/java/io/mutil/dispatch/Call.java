package io.mutil.dispatch;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of an operation: its state, its arguments, and where its lines go. Safe for use by many threads as far as the sink and
 * the state are.
 *
 * @param <S> the state
 */
public final class Call<S> {
    private final String name;
    private final S state;
    private final Consumer<String> out;
    private final Arg<?>[] args;
    private final @Nullable Object[] values;
    private final Running running;

    Call(String name, S state, Consumer<String> out, Arg<?>[] args, @Nullable Object[] values, Running running) {
        this.name = name;
        this.state = state;
        this.out = out;
        this.args = args;
        this.values = values;
        this.running = running;
    }

    /** The whole name of the command, however short it was typed; nested groups come before it. */
    public String name() {
        return name;
    }

    /** What the caller passed with the line. */
    public S state() {
        return state;
    }

    /** Takes the lines that the operation shows, one a call, without line ends. */
    public Consumer<String> out() {
        return out;
    }

    /**
     * The value of an argument, or its default.
     *
     * @throws IllegalArgumentException if the command was not given this very argument; {@code orElse}, {@code check} and the like
     *     make new ones
     */
    public <T extends @Nullable Object> T get(Arg<T> arg) {
        for (int i = 0; i < args.length; i++) {
            if (args[i] == arg) {
                return arg.cast(values[i]);
            }
        }
        throw new IllegalArgumentException("command " + name + " has no such argument " + arg.name()
                + "; pass the same Arg to the command and to get, its own are " + Arrays.toString(args));
    }

    /** Whether this run is to stop: cancelled, interrupted, or its time is up. For threads that the operation has of its own, too. */
    public boolean isCancelled() {
        return running.isStopped() || Thread.currentThread().isInterrupted();
    }

    @Override
    public String toString() {
        return "Call[" + name + "]";
    }
}
