package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs that take their time: on other threads, with a limit, cancelled. */
class RunAsyncTest {
    private final FakeTimeouts timeouts = new FakeTimeouts();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<String> stage = new CompletableFuture<>();
    private final AtomicReference<Call<String>> seen = new AtomicReference<>();
    private final Dispatch<String> commands = Dispatch.<String>builder()
            .timeouts(timeouts)
            .add("hello", call -> "hello " + call.state())
            .add("wait", this::waitForRelease)
            .add("stage", call -> stage)
            .add(Verb.<String>of("limited", this::waitForRelease).timeout(Duration.ofSeconds(3)))
            .add(Verb.<String>of("later", call -> stage).timeout(Duration.ofSeconds(3)))
            .add(Verb.<String>of("quick", call -> "quick").timeout(Duration.ofSeconds(3)))
            .add("fail", call -> {
                throw new IOException("gone");
            })
            .build();

    private String waitForRelease(Call<String> call) throws InterruptedException {
        seen.set(call);
        begun.countDown();
        try {
            released.await();
            return "released";
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    private CompletableFuture<Object> run(String line) {
        return commands.runAsync(line, "you", text -> {});
    }

    @Test
    void completesWithTheResult() throws Exception {
        assertThat(run("h").get()).isEqualTo("hello you");

        CompletableFuture<Object> future = run("s");
        assertThat(future).isNotDone();
        stage.complete("value");
        assertThat(future.get()).isEqualTo("value");
    }

    @Test
    void failsAsTheBlockingFormThrows() {
        assertThatThrownBy(() -> run("fail").get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> run("zzz").get()).hasCauseInstanceOf(DispatchException.class);
        stage.completeExceptionally(new IOException("gone"));
        assertThatThrownBy(() -> run("s").get()).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void cancellingInterruptsTheOperation() throws Exception {
        CompletableFuture<Object> future = run("w");
        begun.await();

        assertThat(future.cancel(true)).isTrue();

        interrupted.await();
        assertThat(requireNonNull(seen.get()).isCancelled()).isTrue();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        Eventually.until("counted", () -> commands.stats().cancelled() == 1);
        assertThat(commands.stats().running()).isZero();
    }

    @Test
    void whatIsCancelledBeforeItBeginsIsNotRun() {
        List<Runnable> waiting = new ArrayList<>();
        var table = commands.toBuilder().executor(waiting::add).build();
        CompletableFuture<Object> future = table.runAsync("w", "", text -> {});

        future.cancel(true);
        waiting.get(0).run();

        assertThat(seen).hasValue(null);
    }

    @Test
    void anInterruptIsLeftToNobodyElse() throws Exception {
        var left = new CompletableFuture<Boolean>();
        // no pool, which would clear the interrupt itself
        Executor executor = work -> {
            var unused = Background.run(() -> {
                work.run();
                left.complete(Thread.currentThread().isInterrupted());
            });
        };
        var table = commands.toBuilder()
                .executor(executor)
                .add("stubborn", this::waitInVain)
                .build();
        CompletableFuture<Object> future = table.runAsync("stub", "", text -> {});
        begun.await();

        future.cancel(true);

        assertThat(left.get()).isFalse();
    }

    /** Is interrupted, and leaves the interrupt as it is. */
    private @Nullable Object waitInVain(Call<String> call) {
        try {
            return waitForRelease(call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Test
    void timeOutsStopTheOperation() throws Exception {
        CompletableFuture<Object> future = run("lim");
        begun.await();

        assertThat(timeouts.delays()).containsExactly(Duration.ofSeconds(3));
        timeouts.fire();

        interrupted.await();
        assertThatThrownBy(future::get)
                .cause()
                .isInstanceOf(TimeoutException.class)
                .hasMessage(
                        "command limited was stopped as it took longer than PT3S; raise the timeout of its Verb, or make"
                                + " it do less");
        Eventually.until("counted", () -> commands.stats().timedOut() == 1);
    }

    @Test
    void timersOfRunsThatEndedAreCancelled() throws Exception {
        assertThat(run("q").get()).isEqualTo("quick");
        assertThat(commands.run("q", "")).isEqualTo("quick");

        Eventually.until("cancelled", () -> timeouts.pending() == 0);
        assertThat(timeouts.delays()).hasSize(2);
        assertThat(commands.stats().succeeded()).isEqualTo(2);
    }

    @Test
    void timeOutsStopABlockingRunToo() throws Exception {
        var error = new AtomicReference<Throwable>();
        var flag = new AtomicBoolean(true);
        CompletableFuture<Void> caller = Background.run(() -> {
            error.set(catchThrowableOfType(TimeoutException.class, () -> commands.run("lim", "")));
            flag.set(Thread.currentThread().isInterrupted());
        });
        begun.await();

        timeouts.fire();
        caller.get();

        assertThat(error.get()).isInstanceOf(TimeoutException.class);
        assertThat(flag).isFalse();
        assertThat(commands.stats().timedOut()).isEqualTo(1);
    }

    @Test
    void whatHangsOnACancelledFutureFindsTheRunStopped() throws Exception {
        CompletableFuture<Object> future = run("w");
        begun.await();
        var found = new AtomicBoolean();
        var counted = new AtomicLong();
        var unused = future.whenComplete((value, error) -> {
            found.set(requireNonNull(seen.get()).isCancelled());
            counted.set(commands.stats().cancelled());
        });

        future.cancel(true);

        assertThat(found).isTrue();
        assertThat(counted).hasValue(1);
    }

    @Test
    void completingTheFutureStopsTheOperation() throws Exception {
        CompletableFuture<Object> future = run("w");
        begun.await();

        assertThat(future.complete("enough")).isTrue();

        interrupted.await();
        assertThat(future.get()).isEqualTo("enough");
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.completeExceptionally(new IOException())).isFalse();
        assertThat(commands.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void whatSucceededIsNotCancelled() throws Exception {
        for (boolean blocking : new boolean[] {false, true}) {
            var call = new AtomicReference<Call<String>>();
            var table = Dispatch.<String>builder()
                    .executor(Runnable::run)
                    .add("note", it -> {
                        call.set(it);
                        return it.isCancelled();
                    })
                    .build();
            Object result = blocking
                    ? table.run("note", "")
                    : table.runAsync("note", "", text -> {}).get();

            assertThat(result).isEqualTo(false);
            assertThat(requireNonNull(call.get()).isCancelled()).isFalse();
        }
    }

    @Test
    void readingOfArgumentsIsLimitedAndStoppedToo() throws Exception {
        Arg<String> slow = Arg.of("slow", word -> {
            begun.countDown();
            try {
                released.await();
                return word;
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw new IllegalStateException(e);
            }
        });
        var table = Dispatch.<String>builder()
                .timeouts(timeouts)
                .add(Verb.<String>of("read", call -> call.get(slow), slow).timeout(Duration.ofSeconds(3)))
                .build();
        CompletableFuture<Object> future = table.runAsync("read x", "", text -> {});
        begun.await();

        timeouts.fire();

        interrupted.await();
        assertThatThrownBy(future::get).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void anExceptionComesOutAsItIsWithATimeOutToo() {
        var thrown = new CompletionException(new IOException("gone"));
        var table = Dispatch.<String>builder()
                .timeouts(timeouts)
                .add(Verb.<String>of("limited", call -> {
                            throw thrown;
                        })
                        .timeout(Duration.ofSeconds(3)))
                .build();

        assertThatThrownBy(() -> table.run("limited", "")).isSameAs(thrown);
        assertThat(timeouts.pending()).isZero();
    }

    @Test
    void whatATableBelowThrowsIsAFailure() {
        var table = Dispatch.<String>builder()
                .add("deep", call -> commands.run("zzz", ""))
                .add("late", call -> commands.run("later", ""))
                .build();

        assertThatThrownBy(() -> table.run("deep", "")).isInstanceOf(DispatchException.class);
        CompletableFuture<Object> late = table.runAsync("late", "", text -> {});
        Eventually.until("waiting", () -> stage.getNumberOfDependents() > 0);
        timeouts.fire();

        assertThatThrownBy(late::get).hasCauseInstanceOf(TimeoutException.class);
        assertThat(table.stats()).isEqualTo(new DispatchStats(2, 0, 0, 0, 2, 0, 0));
        assertThat(commands.stats()).isEqualTo(new DispatchStats(7, 0, 0, 1, 0, 1, 0));
    }

    @Test
    void anErrorOfTheExecutorIsAFailure() {
        var table = commands.toBuilder()
                .executor(work -> {
                    throw new OutOfMemoryError("no more threads");
                })
                .build();

        assertThatThrownBy(() -> table.runAsync("h", "", text -> {}).get()).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(table.stats()).isEqualTo(new DispatchStats(7, 0, 0, 0, 1, 0, 0));
    }

    @Test
    void whatIsDueHoldsUpNoOtherTimer() throws Exception {
        var other = new CountDownLatch(1);
        Runnable first = Timeouts.shared().after(Duration.ofNanos(1), () -> {
            begun.countDown();
            awaitRelease();
        });
        try {
            begun.await();
            Runnable second = Timeouts.shared().after(Duration.ofNanos(1), other::countDown);

            assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
            second.run();
        } finally {
            released.countDown();
            first.run();
        }
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBlockingRunMayBeToldToStopByAnInterrupt() {
        Object cancelled;
        Thread.currentThread().interrupt();
        try {
            cancelled = commandsThatAsk().run("ask", "");
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            boolean unused = Thread.interrupted();
        }

        assertThat(cancelled).isEqualTo(true);
    }

    private static Dispatch<String> commandsThatAsk() {
        return Dispatch.<String>builder().add("ask", Call::isCancelled).build();
    }

    @Test
    void failsIfTheExecutorTakesNoMore() {
        ScheduledExecutorService closed = Executors.newScheduledThreadPool(1);
        closed.shutdown();
        var table = commands.toBuilder().executor(closed).scheduler(closed).build();

        assertThatThrownBy(() -> table.runAsync("h", "", text -> {}).get())
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> table.run("q", "")).isInstanceOf(RejectedExecutionException.class);
        assertThat(table.stats().failed()).isEqualTo(2);
    }

    @Test
    void realTimersFire() throws Exception {
        var table = Dispatch.<String>builder()
                .add(Verb.<String>of("limited", this::waitForRelease).timeout(Duration.ofNanos(1)))
                .add(Verb.<String>of("quick", call -> "quick").timeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .build();

        assertThatThrownBy(() -> table.runAsync("l", "", text -> {}).get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(table.run("q", "")).isEqualTo("quick");
    }

    @Test
    void refusesATimeOutThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of("x", Call::name).timeout(Duration.ZERO))
                .withMessage("timeout must be positive, was PT0S");
    }
}
