package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sources that block. */
class ForeverBlockingTest {
    @Test
    @SuppressWarnings("NullAway") // on JDK 17 it does not read from class files that T may be nullable
    void readsLineAfterLineUntilTheEnd() {
        var file = new BufferedReader(new StringReader("a\nb\n"));
        List<@Nullable String> lines = new ArrayList<>();
        try (ForeverLoop<@Nullable String> loop =
                ForeverLoop.builder().endWhenEmpty().build()) {
            loop.addBlocking("file", file::readLine);
            for (Completion<@Nullable String> next : loop) {
                lines.add(next.get());
                if (next.get() == null) {
                    loop.remove("file");
                }
            }
        }

        assertThat(lines).containsExactly("a", "b", null);
    }

    @Test
    void manyBlockAtTheSameTimeOnThreadsOfTheLoop() throws InterruptedException {
        var all = new CountDownLatch(50);
        try (ForeverLoop<String> loop = ForeverLoop.create()) {
            for (int i = 0; i < 50; i++) {
                loop.addBlocking("s" + i, () -> {
                    all.countDown();
                    all.await();
                    return "met";
                });
            }

            assertThat(loop.take().get()).isEqualTo("met");
        }
    }

    @Test
    void whatACallableThrowsIsAFailure() throws InterruptedException {
        try (ForeverLoop<String> loop = ForeverLoop.create()) {
            loop.addBlocking("a", () -> {
                throw new IOException("broken");
            });

            assertThat(loop.take().failure().orElseThrow())
                    .isInstanceOf(IOException.class)
                    .hasMessage("broken");
        }
    }

    @Test
    void removalInterruptsTheCallable() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CompletableFuture<Boolean>();
        try (ForeverLoop<String> loop = ForeverLoop.create()) {
            loop.addBlocking("a", () -> blockUntilInterrupted(started, interrupted));
            started.await();

            loop.remove("a");

            assertThat(interrupted.join()).isTrue();
            assertThat(loop.poll()).isEmpty();
        }
    }

    @Test
    void closeInterruptsCallablesAndEndsTheThreadsOfTheLoop() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CompletableFuture<Boolean>();
        var thread = new AtomicReference<Thread>();
        ForeverLoop<String> loop = ForeverLoop.create();
        loop.addBlocking("a", () -> {
            thread.set(Thread.currentThread());
            return blockUntilInterrupted(started, interrupted);
        });
        started.await();

        loop.close();

        assertThat(interrupted.join()).isTrue();
        thread.get().join();
        assertThat(thread.get().isDaemon()).isTrue();
    }

    private static String blockUntilInterrupted(CountDownLatch started, CompletableFuture<Boolean> interrupted)
            throws InterruptedException {
        started.countDown();
        try {
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException e) {
            interrupted.complete(true);
            throw e;
        }
    }

    @Test
    void theInterruptReachesNothingElseOnTheSameThread() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        var started = new CountDownLatch(1);
        var ignored = new CountDownLatch(1);
        try (ForeverLoop<String> loop = ForeverLoop.builder().executor(one).build()) {
            loop.addBlocking("a", () -> {
                started.countDown();
                while (ignored.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return "late";
            });
            started.await();
            loop.remove("a");
            ignored.countDown();

            assertThat(one.submit(() -> Thread.currentThread().isInterrupted()).get())
                    .isFalse();
            assertThat(loop.poll()).isEmpty();
        } finally {
            one.shutdown();
        }
        assertThat(one.isTerminated() || one.awaitTermination(30, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aCallableThatWaitsForItsTurnIsNotCalledAfterRemoval() {
        var turns = new ConcurrentLinkedQueue<Runnable>();
        var called = new ConcurrentLinkedQueue<String>();
        try (ForeverLoop<Boolean> loop = ForeverLoop.create()) {
            loop.add(Source.blocking("a", () -> called.add("a"), turns::add));
            loop.add(Source.blocking("b", () -> called.add("b"), turns::add));
            loop.remove("a");

            turns.forEach(Runnable::run);

            assertThat(called).containsExactly("b");
            assertThat(loop.poll().orElseThrow().source()).isEqualTo("b");
            assertThat(turns).hasSize(3);
        }
    }

    @Test
    void theCallersExecutorIsUsedAndLeftRunning() throws InterruptedException {
        ExecutorService mine = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        try {
            try (ForeverLoop<String> loop = ForeverLoop.builder().executor(mine).build()) {
                loop.addBlocking("a", () -> Thread.currentThread().getName());
                assertThat(loop.take().get()).isEqualTo("mine");
            }
            assertThat(mine.isShutdown()).isFalse();
        } finally {
            mine.shutdownNow();
        }
    }

    @Test
    void anExecutorThatIsShutDownIsAFailureThatIsDelivered() throws InterruptedException {
        ExecutorService mine = Executors.newSingleThreadExecutor();
        try (ForeverLoop<String> loop = ForeverLoop.builder().executor(mine).build()) {
            loop.addBlocking("a", () -> "1");
            Eventually.until("ready", () -> loop.stats().ready() == 1);
            mine.shutdown();

            assertThat(loop.take().get()).isEqualTo("1");
            assertThat(loop.take().isFailure()).isTrue();
            assertThat(loop.stats().retriesPending()).isEqualTo(1);
        }
    }

    @Test
    void platformThreadsAreNamedDaemons() throws Exception {
        ExecutorService threads = LoopThreads.daemons();
        try {
            Thread thread = threads.submit(Thread::currentThread).get();

            assertThat(thread.getName()).isEqualTo("mutil-loop-1");
            assertThat(thread.isDaemon()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Interrupts and endings in every order, on a thread that looks at once whether it is interrupted. */
    @Test
    void noInterruptIsLateHoweverRemovalAndEndMeet() throws Exception {
        var dirty = new ConcurrentLinkedQueue<Thread>();
        ExecutorService one = Executors.newSingleThreadExecutor();
        Executor checking = task -> one.execute(() -> {
            task.run();
            if (Thread.currentThread().isInterrupted()) {
                dirty.add(Thread.currentThread());
            }
        });
        try (ForeverLoop<String> loop = ForeverLoop.create()) {
            for (int i = 0; i < 2_000; i++) {
                loop.add(Source.blocking("a", () -> "1", checking));
                CompletableFuture<Void> removal = Background.run(() -> loop.remove("a"));
                loop.poll();
                removal.join();
            }
            one.submit(() -> {}).get();
        } finally {
            one.shutdownNow();
        }

        assertThat(dirty).isEmpty();
    }
}
