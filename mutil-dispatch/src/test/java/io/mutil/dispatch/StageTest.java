package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Runs that go on in a stage after the operation has given its thread back. */
class StageTest {
    private final FakeTimeouts timeouts = new FakeTimeouts();
    private final CompletableFuture<String> stage = new CompletableFuture<>();
    private final AtomicReference<Call<String>> seen = new AtomicReference<>();

    private Dispatch<String> table(CompletionStage<String> stage) {
        return Dispatch.<String>builder()
                .timeouts(timeouts)
                .executor(Runnable::run)
                .add("stage", call -> begin(call, stage))
                .add(Verb.<String>of("limited", call -> begin(call, stage)).timeout(Duration.ofSeconds(3)))
                .build();
    }

    private CompletionStage<String> begin(Call<String> call, CompletionStage<String> stage) {
        seen.set(call);
        return stage;
    }

    @Test
    void cancellingCancelsTheStage() throws Exception {
        var table = table(stage);
        CompletableFuture<Object> future = table.runAsync("stage", "", text -> {});
        assertThat(stage).isNotDone();

        future.cancel(true);

        assertThat(stage).isCancelled();
    }

    @Test
    void timeOutsCancelTheStage() {
        var table = table(stage);
        CompletableFuture<Object> future = table.runAsync("limited", "", text -> {});

        timeouts.fire();

        assertThat(stage).isCancelled();
        assertThatThrownBy(future::get).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void timeOutsEndABlockingWaitForAStage() throws Exception {
        CompletableFuture<Void> caller = Background.run(
                () -> assertThatThrownBy(() -> table(stage).run("limited", "")).isInstanceOf(TimeoutException.class));
        Eventually.until("waiting", () -> stage.getNumberOfDependents() > 0);

        timeouts.fire();

        caller.get();
        assertThat(stage).isCancelled();
    }

    @Test
    void interruptingABlockingWaitCancelsTheStage() throws Exception {
        for (String line : new String[] {"stage", "limited"}) {
            var own = new CompletableFuture<String>();
            Dispatch<String> table = table(own);
            var thread = new AtomicReference<Thread>();
            CompletableFuture<Void> caller = Background.run(() -> {
                thread.set(Thread.currentThread());
                assertThatThrownBy(() -> table.run(line, "")).isInstanceOf(InterruptedException.class);
            });
            Eventually.until("waiting", () -> own.getNumberOfDependents() > 0);

            requireNonNull(thread.get()).interrupt();

            caller.get();
            assertThat(own).as(line).isCancelled();
        }
    }

    @Test
    void anInterruptedBlockingRunTellsTheThreadsOfTheOperation() throws Exception {
        Dispatch<String> table = table(stage);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> table.run("stage", "")).isInstanceOf(InterruptedException.class);

        assertThat(requireNonNull(seen.get()).isCancelled()).isTrue();
        assertThat(stage).isCancelled();
        assertThat(table.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void aStageNeedNotBeAFuture() throws Exception {
        Dispatch<String> table = table(alone(stage));
        CompletableFuture<Object> future = table.runAsync("stage", "", text -> {});
        CompletableFuture<Object> cancelled = table.runAsync("stage", "", text -> {});

        assertThat(cancelled.cancel(true)).isTrue();
        stage.complete("value");

        assertThat(future.get()).isEqualTo("value");
        assertThat(table.run("stage", "")).isEqualTo("value");
    }

    @Test
    void timeOutsEndTheWaitForAStageThatCannotBeCancelled() throws Exception {
        Dispatch<String> table = table(alone(stage));
        CompletableFuture<Void> caller = Background.run(
                () -> assertThatThrownBy(() -> table.run("limited", "")).isInstanceOf(TimeoutException.class));
        Eventually.until("waiting", () -> stage.getNumberOfDependents() > 0);

        timeouts.fire();

        caller.get();
        assertThat(stage).isNotDone();
    }

    /** A stage that has no future. */
    @SuppressWarnings("unchecked") // it passes on what the stage does
    private static CompletionStage<String> alone(CompletionStage<String> stage) {
        return (CompletionStage<String>) Proxy.newProxyInstance(
                StageTest.class.getClassLoader(), new Class<?>[] {CompletionStage.class}, (proxy, method, args) -> {
                    if (method.getName().equals("toCompletableFuture")) {
                        throw new UnsupportedOperationException();
                    }
                    return method.invoke(stage, args);
                });
    }
}
