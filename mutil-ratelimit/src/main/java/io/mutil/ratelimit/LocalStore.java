package io.mutil.ratelimit;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Books of this process: a limit for each key and margin, whose rules follow the requests. */
final class LocalStore implements LimitStore {
    /** Room came up between two looks. */
    private static final Duration SOON = Duration.ofNanos(1);

    private final KeyedRateLimit<Books> limits;

    /** The request that opens them says by which rules. */
    private record Books(Request request) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Books books
                    && request.key().equals(books.request.key())
                    && request.margin().equals(books.request.margin());
        }

        @Override
        public int hashCode() {
            return request.key().hashCode();
        }
    }

    LocalStore(int maxKeys, LongSupplier nanoTime) {
        var ticks = new Ticks(nanoTime, Clock.systemUTC());
        limits = new KeyedRateLimit<>(
                Checks.positive("maxKeys", maxKeys),
                ticks,
                books -> RateLimit.builder(books.request.rules().toArray(Rule[]::new))
                        .margin(books.request.margin())
                        .nanoTime(nanoTime)
                        .build());
    }

    private RateLimit limit(Request request) {
        RateLimit limit = limits.of(new Books(request));
        if (!limit.rules().equals(request.rules())) {
            limit.change(request.rules().toArray(Rule[]::new));
        }
        return limit;
    }

    @Override
    public CompletionStage<Answer> take(Request request) {
        return answer(() -> {
            RateLimit limit = limit(request);
            if (limit.tryAcquire(request.permits())) {
                return new Answer(true, Duration.ZERO);
            }
            Duration wait = limit.peek(request.permits());
            return new Answer(false, wait.isZero() ? SOON : wait);
        });
    }

    @Override
    public CompletionStage<Void> giveBack(Request request, Duration age) {
        return answer(() -> {
            limit(request).refund(request.permits(), age);
            return null;
        });
    }

    private static <T> CompletionStage<T> answer(Supplier<T> work) {
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
