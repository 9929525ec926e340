package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sources at work and hands out the next result of any of them, for as long as the program likes.
 *
 * <pre>{@code
 * try (ForeverLoop<Price> loop = ForeverLoop.create()) {
 *     loop.add("nyse", nyse::nextAsync);
 *     loop.addBlocking("file", file::read);
 *     for (Completion<Price> next : loop) System.out.println(next.isFailure() ? next : next.get());
 * }
 * }</pre>
 *
 * <p>A source is armed when it is added, and again only when its result has been consumed, so each has at most one result that
 * nobody took. <b>Consumed</b> means handed over: {@code take}, {@code poll}, {@code takeAllReady} and {@code next} of the iterator
 * arm the source just before they return; {@link #run} and the publisher do so after the consumer has returned.
 *
 * <p>Results come in the order in which they completed, and a source that is armed again comes after all that wait: so none is
 * starved, not even by one whose results are always there already. A completion costs the same however many sources there are.
 *
 * <p>A source that fails has that delivered like a value, and rests before it is armed again, as its {@link FailurePolicy} says.
 *
 * <p>Safe for use by many threads, of which several may consume: each result goes to one of them.
 *
 * @param <T> what the sources bring
 */
public final class ForeverLoop<T extends @Nullable Object> implements Iterable<Completion<T>>, AutoCloseable {
    private static final long NO_END = Long.MAX_VALUE;

    private final ForeverCore<T> core;

    ForeverLoop(ForeverCore<T> core) {
        this.core = core;
    }

    /** A loop that retries sources that fail, and waits for others when it has none. */
    public static <T extends @Nullable Object> ForeverLoop<T> create() {
        return builder().build();
    }

    /** Choices for a loop. */
    public static ForeverLoopBuilder builder() {
        return new ForeverLoopBuilder();
    }

    /**
     * Adds an asynchronous source, and arms it.
     *
     * @throws IllegalArgumentException if a source of this name is in the loop
     * @throws IllegalStateException if the loop is closed
     * @see Source#async
     */
    public void add(String name, Supplier<? extends CompletionStage<? extends T>> supplier) {
        add(Source.<T>async(name, supplier));
    }

    /**
     * Adds a source that blocks, and arms it.
     *
     * @throws IllegalArgumentException if a source of this name is in the loop
     * @throws IllegalStateException if the loop is closed
     * @see Source#blocking(String, Callable)
     */
    public void addBlocking(String name, Callable<? extends T> callable) {
        add(Source.<T>blocking(name, callable));
    }

    /**
     * Adds a source, and arms it.
     *
     * @throws IllegalArgumentException if a source of its name is in the loop
     * @throws IllegalStateException if the loop is closed
     */
    public void add(Source<? extends T> source) {
        core.add(narrow(source));
    }

    /**
     * Puts a source in the place of the one of the same name, which is removed as by {@link #remove}, or adds it if there is none.
     *
     * @return whether there was one
     * @throws IllegalStateException if the loop is closed
     * @throws RuntimeException if the stage of the former source could not be cancelled; the new one is in the loop all the same
     */
    public boolean replace(Source<? extends T> source) {
        return core.replace(narrow(source));
    }

    @SuppressWarnings("unchecked") // a source only brings
    private Source<T> narrow(Source<? extends T> source) {
        return (Source<T>) requireNonNull(source, "source");
    }

    /**
     * Removes a source. What it waits for is cancelled or interrupted; a result that came and was not taken is dropped. After this
     * returned, nothing of it is taken. An iterator, {@link #run} or a subscriber that took a result before hands it over and may
     * be at work with it for long.
     *
     * @return whether it was there
     * @throws RuntimeException if its stage could not be cancelled; it is removed all the same
     */
    public boolean remove(String name) {
        return core.remove(requireNonNull(name, "name"));
    }

    /** The names of the sources that are in the loop now. */
    public Set<String> names() {
        return core.names();
    }

    /**
     * Waits for the next result.
     *
     * @throws IllegalStateException if the loop is closed, or becomes so; or no source is left, and it {@linkplain
     *     ForeverLoopBuilder#endWhenEmpty ends} then
     * @throws InterruptedException if interrupted; no result is lost
     */
    public Completion<T> take() throws InterruptedException {
        while (true) {
            ForeverSlot<T> slot = core.await(NO_END);
            if (slot == null) {
                throw new IllegalStateException(
                        core.isClosed()
                                ? "the loop is closed, so nothing comes any more"
                                : "no source is left; add one, or make the loop without endWhenEmpty to wait for one");
            }
            Completion<T> completion = slot.takeResult();
            if (core.settle(slot, completion)) {
                return completion;
            }
        }
    }

    /** The next result if there is one; never one of a closed loop. */
    public Optional<Completion<T>> poll() {
        for (ForeverSlot<T> slot = core.claim(); slot != null; slot = core.claim()) {
            Completion<T> completion = slot.takeResult();
            if (core.settle(slot, completion)) {
                return Optional.of(completion);
            }
        }
        return Optional.empty();
    }

    /**
     * Waits for the next result for some time.
     *
     * @param timeout zero and less do not wait
     * @return empty if none came in time, the loop is closed, or no source is left and it {@linkplain
     *     ForeverLoopBuilder#endWhenEmpty ends} then
     * @throws InterruptedException if interrupted; no result is lost
     */
    public Optional<Completion<T>> poll(Duration timeout) throws InterruptedException {
        long nanos = timeout.compareTo(ForeverCore.LONGEST_DELAY) > 0 ? NO_END : Math.max(0, timeout.toNanos());
        long end = System.nanoTime() + nanos;
        ForeverSlot<T> slot = core.await(nanos);
        while (slot != null) {
            Completion<T> completion = slot.takeResult();
            if (core.settle(slot, completion)) {
                return Optional.of(completion);
            }
            slot = core.await(nanos == NO_END ? NO_END : Math.max(0, end - System.nanoTime()));
        }
        return Optional.empty();
    }

    /** All results that are here, at most one of each source, in the order in which they came; empty if there is none. */
    public List<Completion<T>> takeAllReady() {
        List<ForeverSlot<T>> slots = core.claimAll();
        var results = new ArrayList<Completion<T>>(slots.size());
        slots.forEach(slot -> {
            Completion<T> completion = slot.takeResult();
            if (core.settle(slot, completion)) {
                results.add(completion);
            }
        });
        return results;
    }

    /**
     * Takes one result after the other. {@code hasNext} waits for a result and takes it, {@code next} hands it over and arms its
     * source again. It ends when the loop is closed; when no source is left, if the loop {@linkplain
     * ForeverLoopBuilder#endWhenEmpty ends} then; and when the thread is interrupted, which stays so. For one thread; several
     * may have one each.
     */
    @Override
    public Iterator<Completion<T>> iterator() {
        return new ForeverIterator<>(core);
    }

    /**
     * Hands one result after the other to a consumer, on this thread, until the loop is closed or {@linkplain
     * ForeverLoopBuilder#endWhenEmpty ends}. A source is armed again after the consumer has returned, also if it threw, which
     * ends this call.
     *
     * @throws InterruptedException if interrupted while waiting; no result is lost
     */
    public void run(Consumer<? super Completion<T>> consumer) throws InterruptedException {
        for (ForeverSlot<T> slot = core.await(NO_END); slot != null; slot = core.await(NO_END)) {
            Completion<T> completion = slot.takeResult();
            try {
                consumer.accept(completion);
            } finally {
                core.settle(slot, completion);
            }
        }
    }

    /**
     * Hands results to subscribers that ask for them, on the loop's executor. A source is armed again after {@code onNext} has
     * returned. It may have any number of subscribers, and there may be other consumers: each result goes to one of them. It
     * completes when the loop is closed or {@linkplain ForeverLoopBuilder#endWhenEmpty ends}, on the thread that ends it, and fails
     * if the executor takes no more work. A subscriber that throws is logged and cancelled; from {@code onSubscribe} it throws to
     * who subscribes.
     */
    public Flow.Publisher<Completion<T>> publisher() {
        return subscriber -> {
            requireNonNull(subscriber, "subscriber");
            new ForeverSubscription<>(core, task -> core.executor().execute(task), subscriber).start();
        };
    }

    /** What it has done so far, and how it stands. Looks at each source; not at one moment for all of them. */
    public ForeverLoopStats stats() {
        return core.stats();
    }

    /**
     * Ends the loop: removes all sources as {@link #remove} does, interrupts the threads that it made, and wakes all consumers.
     * Results that nobody took are dropped. Does not wait for code that ignores the interrupt.
     *
     * @throws RuntimeException if a stage could not be cancelled; everything else is closed all the same
     */
    @Override
    public void close() {
        core.close();
    }

    @Override
    public String toString() {
        return core.toString();
    }
}
