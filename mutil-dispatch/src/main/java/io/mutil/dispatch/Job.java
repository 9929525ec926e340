package io.mutil.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operation with its arguments, or help that is to be shown. */
final class Job<S> {
    private static final Arg<?>[] NO_ARGS = {};
    private static final Object[] NO_VALUES = {};

    private final String name;
    private final @Nullable Duration timeout;
    private final Operation<S> operation;
    private final Arg<?>[] args;
    private final @Nullable Object[] values;

    Job(String name, @Nullable Duration timeout, Operation<S> operation, Arg<?>[] args, @Nullable Object[] values) {
        this.name = name;
        this.timeout = timeout;
        this.operation = operation;
        this.args = args;
        this.values = values;
    }

    static <S> Job<S> showing(List<String> lines) {
        return new Job<>("?", null, HelpText.showing(lines), NO_ARGS, NO_VALUES);
    }

    String name() {
        return name;
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    @Nullable
    Object run(S state, Consumer<String> out, @Nullable Running running) throws Exception {
        return operation.run(new Call<>(name, state, out, args, values, running));
    }
}
