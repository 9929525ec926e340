package io.mutil.loop;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A result that a stage will bring. */
final class ForeverStage<T extends @Nullable Object> extends ForeverPending
        implements BiConsumer<@Nullable T, @Nullable Throwable> {
    private final ForeverSlot<T> slot;
    private final Supplier<? extends CompletionStage<? extends T>> supplier;
    private volatile @Nullable CompletionStage<? extends T> stage;

    ForeverStage(ForeverSlot<T> slot, Supplier<? extends CompletionStage<? extends T>> supplier) {
        this.slot = slot;
        this.supplier = supplier;
    }

    @Override
    void start() {
        try {
            CompletionStage<? extends T> given = supplier.get();
            if (given == null) {
                throw new NullPointerException(
                        "the supplier of source " + slot.source().name()
                                + " returned null; return a stage, a completed one if the result is there");
            }
            stage = given;
            var unused = given.whenComplete(this);
            if (slot.isGone()) {
                // removed while the supplier ran, so who removed it had nothing to cancel
                cancel();
            }
        } catch (Throwable e) {
            slot.complete(this, null, e);
        }
    }

    @Override
    public void accept(@Nullable T value, @Nullable Throwable failure) {
        slot.complete(this, value, unwrapped(failure));
    }

    /** A dependent stage wraps what its origin failed with. */
    private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    @Override
    void cancel() {
        CompletionStage<? extends T> given = stage;
        if (given != null) {
            cancel(given);
        }
    }

    private static void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // a stage may be such that nobody can cancel it; what it brings is ignored
        }
    }
}
