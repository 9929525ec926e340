package io.mutil.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operation whose arguments are still to be read, or help that is to be shown. */
final class Job<S> {
    private static final Arg<?>[] NO_ARGS = {};
    private static final Object[] NO_VALUES = {};

    private final String name;
    private final @Nullable Duration timeout;
    private final Arg<?>[] args;
    private final Preparation<S> preparation;

    /** Reads arguments. */
    interface Preparation<S> {
        /**
         * Fills in the values.
         *
         * @return what to run with them
         * @throws DispatchException if the words of the line are none
         */
        Operation<S> prepare(@Nullable Object[] values);
    }

    Job(String name, @Nullable Duration timeout, Arg<?>[] args, Preparation<S> preparation) {
        this.name = name;
        this.timeout = timeout;
        this.args = args;
        this.preparation = preparation;
    }

    static <S> Job<S> showing(List<String> lines) {
        return new Job<>("?", null, NO_ARGS, values -> HelpText.showing(lines));
    }

    String name() {
        return name;
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    @Nullable
    Object run(S state, Consumer<String> out, Running running) throws Exception {
        @Nullable Object[] values = args.length == 0 ? NO_VALUES : new Object[args.length];
        Operation<S> operation = preparation.prepare(values);
        running.operate();
        return operation.run(new Call<>(name, state, out, args, values, running));
    }
}
