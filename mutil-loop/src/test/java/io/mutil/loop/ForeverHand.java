package io.mutil.loop;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A source that a test completes by hand, and that remembers each time it was armed. */
final class ForeverHand implements Supplier<CompletableFuture<String>> {
    private final List<CompletableFuture<String>> armings = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<String> get() {
        var arming = new CompletableFuture<String>();
        armings.add(arming);
        return arming;
    }

    int armed() {
        return armings.size();
    }

    CompletableFuture<String> arming(int number) {
        return armings.get(number);
    }

    void bring(String value) {
        armings.get(armings.size() - 1).complete(value);
    }

    void fail(Throwable failure) {
        armings.get(armings.size() - 1).completeExceptionally(failure);
    }
}
