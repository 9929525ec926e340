package io.mutil.dataflow;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls the start hooks of ingresses and egresses. */
final class Hooks {
    private Hooks() {}

    /**
     * Calls a hook, and closes what it is told of if it throws.
     *
     * @throws IllegalStateException if it throws an exception
     */
    static void call(
            @Nullable StartHook hook, String level, @Nullable URI uri, Supplier<CompletableFuture<Void>> closing) {
        if (hook == null) {
            return;
        }
        try {
            hook.started(new LevelContext(level, Optional.ofNullable(uri)));
        } catch (Exception e) {
            throw closed(closing, new IllegalStateException("the start hook of '" + level + "' failed", e));
        } catch (Error e) {
            throw closed(closing, e);
        }
    }

    private static <E extends Throwable> E closed(Supplier<CompletableFuture<Void>> closing, E failure) {
        try {
            closing.get().join();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }
}
