package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;

/**
 * Commands and choices for a {@link Dispatch}. May build several tables, and take more in between. Not thread-safe.
 *
 * @param <S> the state that each line is run with
 */
public final class DispatchBuilder<S> extends CommandList<S, DispatchBuilder<S>> {
    private final Map<Class<?>, ITypeConverter<?>> converters = new HashMap<>();
    private boolean nested;
    private boolean ignoreSurplus;
    private @Nullable Executor executor;
    private Timeouts timeouts = Timeouts.shared();

    DispatchBuilder() {
        this(new ArrayList<>());
    }

    private DispatchBuilder(List<Item<S>> items) {
        super(items);
    }

    @Override
    DispatchBuilder<S> self() {
        return this;
    }

    /** Makes groups words of the line, each by its prefix, as in {@code sh ip ro}. Default false. */
    public DispatchBuilder<S> nested(boolean nested) {
        this.nested = nested;
        return this;
    }

    /** Leaves words alone that come after the last argument, as the Python library does. Default false: they are refused. */
    public DispatchBuilder<S> ignoreSurplus(boolean ignore) {
        ignoreSurplus = ignore;
        return this;
    }

    /** Converts words to a class, for {@link Arg#of(String, Class)} and for fields. Default: picocli's own converters. */
    public <T> DispatchBuilder<S> converter(Class<T> type, ITypeConverter<T> converter) {
        converters.put(requireNonNull(type, "type"), requireNonNull(converter, "converter"));
        return this;
    }

    /**
     * Runs the operations of {@link Dispatch#runAsync}. Default: a virtual thread for each where the JDK has them, else a daemon
     * thread, shared by all tables; as many at a time as there are lines that run, which nothing bounds. Where others send the
     * lines, give one with a bound: of what it rejects the future fails, and the sender can be told.
     */
    public DispatchBuilder<S> executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Has the timers of commands with a timeout. What hangs on a future that times out runs on its threads too. Default: one
     * daemon thread for all tables, {@code mutil-dispatch-timeouts}, which gives that to threads like those of the default
     * executor.
     */
    public DispatchBuilder<S> scheduler(ScheduledExecutorService scheduler) {
        return timeouts(Timeouts.of(requireNonNull(scheduler, "scheduler")));
    }

    /** For tests: the timers. */
    DispatchBuilder<S> timeouts(Timeouts timeouts) {
        this.timeouts = timeouts;
        return this;
    }

    DispatchBuilder<S> copy() {
        var copy = new DispatchBuilder<>(copyOfItems());
        copy.converters.putAll(converters);
        copy.nested = nested;
        copy.ignoreSurplus = ignoreSurplus;
        copy.executor = executor;
        copy.timeouts = timeouts;
        return copy;
    }

    /**
     * Makes the table.
     *
     * @throws IllegalArgumentException if a name is taken twice, a group is empty, or groups are nested and one has a name that is no word
     */
    public Dispatch<S> build() {
        DispatchBuilder<S> choices = copy();
        Executor operations = executor == null ? OperationThreads.shared() : executor;
        var settings = new Settings(nested, ignoreSurplus, new Converters(converters));
        var root = new Group<>("", choices.items());
        return new Dispatch<>(root, settings, choices, operations, timeouts);
    }
}
