package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class SafeLoopTest {
    private static final Duration SHORT = Duration.ofMillis(1);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    private static SafeLoopBuilder quiet() {
        return SafeLoop.builder().signals(false);
    }

    /** Goes on whatever happens, until the test is over. */
    private void ignoreInterrupts() {
        while (never.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }

    @Test
    void endsWhenAllTasksHaveEnded() {
        int code = quiet().run(scope -> {
            var inner = new CountDownLatch(1);
            scope.fork("a", () -> {
                inner.await();
                events.add("a");
            });
            scope.fork("b", inner::countDown);
            scope.onClose("hook", () -> events.add("hook"));
        });

        assertThat(code).isEqualTo(SafeLoop.ENDED);
        assertThat(events).containsExactly("a", "hook");
    }

    @Test
    void runsHooksAndClosesResourcesLatestFirst() {
        int code = SafeLoop.run(scope -> {
            scope.use("first", () -> events.add("first"));
            scope.onClose("second", () -> events.add("second"));
            AutoCloseable third = scope.use("third", () -> events.add("third"));
            assertThat(third).isNotNull();
        });

        assertThat(code).isZero();
        assertThat(events).containsExactly("third", "second", "first");
    }

    @Test
    void theFirstFailureEndsTheOthersAndIsLoggedOnce() throws Exception {
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            var registered = new CountDownLatch(2);
            SafeLoop loop = quiet().start(scope -> {
                scope.fork("other", () -> {
                    registered.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IOException("cannot roll back");
                    }
                });
                scope.fork("interrupted", never::await);
                scope.fork("bad", () -> {
                    registered.await();
                    throw new IOException("no disk");
                });
                scope.onClose("hook", () -> {
                    throw new IOException("no flush");
                });
                registered.countDown();
            });

            assertThat(loop.await()).isEqualTo(SafeLoop.FAILED);
            assertThat(log.at(Level.SEVERE)).containsExactly("task \"bad\" failed");
            assertThat(log.at(Level.WARNING))
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .startsWith(
                                    "2 failed while the program ended:\ntask \"other\": java.io.IOException: cannot roll")
                            .contains("close \"hook\": java.io.IOException: no flush"));
            assertThat(loop.failure()).get().satisfies(failure -> {
                assertThat(failure).hasMessage("no disk");
                assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("cannot roll back", "no flush");
            });
            assertThat(loop.stats()).isEqualTo(new SafeLoopStats(0, 0, 4, 2, 0, true));
        }
    }

    @Test
    void othersGoOnAfterAFailureIfThatWasChosen() {
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            int code = quiet().onFailure(SafeLoop.OnFailure.GO_ON).run(scope -> {
                var failed = scope.fork("bad", () -> {
                    throw new IOException("no disk");
                });
                scope.fork("good", () -> {
                    failed.future()
                            .handle((nothing, error) -> events.add("after"))
                            .join();
                    assertThat(scope.isStopping()).isFalse();
                    events.add("good");
                });
            });

            assertThat(code).isEqualTo(SafeLoop.FAILED);
            assertThat(events).containsExactly("after", "good");
            assertThat(log.at(Level.SEVERE)).containsExactly("task \"bad\" failed");
        }
    }

    @Test
    void aFailedBodyStillClosesWhatItOpened() {
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            int code = quiet().run(scope -> {
                scope.use("first", () -> events.add("closed"));
                throw new IOException("no second");
            });

            assertThat(code).isEqualTo(SafeLoop.FAILED);
            assertThat(events).containsExactly("closed");
            assertThat(log.at(Level.SEVERE)).containsExactly("task \"main\" failed");
        }
    }

    @Test
    void stopInterruptsTasks() throws Exception {
        var begun = new CountDownLatch(2);
        SafeLoop loop = quiet().start(scope -> {
            scope.fork("a", () -> {
                begun.countDown();
                never.await();
            });
            begun.countDown();
            never.await();
        });
        begun.await();

        loop.stop();

        assertThat(loop.await()).isZero();
        assertThat(loop.failure()).isEmpty();
    }

    @Test
    void whoWaitsForTheStopIsNotInterruptedByIt() throws Exception {
        var begun = new CountDownLatch(1);
        SafeLoop loop = quiet().start(scope -> {
            scope.fork("waits", () -> {
                begun.countDown();
                scope.awaitStop();
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                events.add("drained");
            });
            begun.await();
            scope.stop();
            scope.awaitStop();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            events.add("body");
        });

        assertThat(loop.await()).isZero();
        assertThat(events).containsExactlyInAnyOrder("drained", "body");
    }

    @Test
    void aTaskInTheBackgroundDoesNotKeepTheProgramAlive() {
        int code = quiet().run(scope -> {
            var begun = new CountDownLatch(1);
            scope.background("ticker", () -> {
                begun.countDown();
                try {
                    never.await();
                } finally {
                    events.add("interrupted");
                }
            });
            begun.await();
        });

        assertThat(code).isZero();
        assertThat(events).containsExactly("interrupted");
    }

    @Test
    void aCancelledTaskIsNoFailure() {
        int code = quiet().run(scope -> {
            var begun = new CountDownLatch(1);
            SafeLoopTask task = scope.fork("a", () -> {
                begun.countDown();
                never.await();
            });
            begun.await();
            task.cancel();
            assertThat(task.future()).isCompletedExceptionally();
            assertThatThrownBy(task.future()::join).isInstanceOf(CancellationException.class);
            events.add(task.name());
        });

        assertThat(code).isZero();
        assertThat(events).containsExactly("a");
    }

    @Test
    void whoHangsIsReportedWithStackTracesAndPassedOver() throws Exception {
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            SafeLoop loop = quiet().grace(SHORT).start(scope -> {
                var begun = new CountDownLatch(1);
                scope.onClose("last", () -> events.add("last"));
                scope.onClose("stuck", SHORT, this::ignoreInterrupts);
                scope.fork("deaf", () -> {
                    begun.countDown();
                    ignoreInterrupts();
                });
                begun.await();
                scope.stop();
                scope.awaitStop();
            });

            assertThat(loop.await()).isEqualTo(SafeLoop.HUNG);
            assertThat(events).containsExactly("last");
            assertThat(log.at(Level.SEVERE))
                    .singleElement()
                    .satisfies(report -> assertThat(report)
                            .contains("did not end in time, so the exit code is 70:\n")
                            .contains("task \"deaf\" had PT0.001S, and is at ")
                            .contains("close \"stuck\" had PT0.001S, and is at ")
                            .contains("io.mutil.loop.SafeLoopTest.ignoreInterrupts"));
        } finally {
            never.countDown();
        }
    }

    @Test
    void aHookThatHangsIsInterrupted() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            // on a busy machine the time is over before the hook has begun, which counts as hanging too
            for (int round = 1; begun.getCount() > 0; round++) {
                int code = quiet().closeDeadline(SHORT)
                        .run(scope -> scope.onClose("slow", () -> {
                            begun.countDown();
                            try {
                                never.await();
                            } finally {
                                interrupted.countDown();
                            }
                        }));

                assertThat(code).isEqualTo(SafeLoop.HUNG);
                assertThat(log.at(Level.SEVERE)).hasSize(round);
            }
        }
        interrupted.await();
    }

    @Test
    void anInterruptOfTheCallerStopsTheProgramAndIsKept() throws Exception {
        var result = new CompletableFuture<String>();
        var caller = new Thread(() -> {
            int code = quiet().run(scope -> {
                events.add("begun");
                never.await();
            });
            result.complete(code + " " + Thread.currentThread().isInterrupted());
        });
        caller.start();

        caller.interrupt();

        assertThat(result.get()).isEqualTo("0 true");
    }

    @Test
    void severalRunBesideEachOther() throws Exception {
        var both = new CountDownLatch(2);
        SafeLoop.Body body = scope -> {
            both.countDown();
            scope.awaitStop();
        };
        try (SafeLoop one = quiet().start(body);
                SafeLoop two = quiet().start(body)) {
            both.await();
            one.stop();

            assertThat(one.await()).isZero();
            assertThat(two.stats().stopping()).isFalse();
            assertThat(two.stats().running()).isEqualTo(1);
        }
    }

    @Test
    void whatComesTooLateIsRefused() throws Exception {
        var handed = new CompletableFuture<SafeLoopScope>();
        assertThat(quiet().run(handed::complete)).isZero();
        SafeLoopScope scope = handed.get();

        assertThat(scope.fork("late", () -> events.add("ran")).future()).isCancelled();
        assertThatThrownBy(() -> scope.onClose("late", () -> events.add("hook")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("\"late\" comes too late");
        assertThatThrownBy(() -> scope.use("late", () -> {
                    events.add("closed");
                    throw new IOException("closed badly");
                }))
                .isInstanceOf(IllegalStateException.class)
                .satisfies(late -> assertThat(late.getSuppressed()[0]).hasMessage("closed badly"));
        assertThat(events).containsExactly("closed");
    }

    @Test
    void takesTheThreadsOfTheCallerAndLeavesThemUninterrupted() throws Exception {
        var threads = Executors.newFixedThreadPool(2, work -> new Thread(work, "mine"));
        try {
            int code = quiet().executor(threads).run(scope -> {
                var begun = new CountDownLatch(1);
                scope.fork("a", () -> {
                    events.add(Thread.currentThread().getName());
                    begun.countDown();
                    ignoreOneInterrupt();
                });
                begun.await();
                scope.stop();
            });

            assertThat(code).isZero();
            assertThat(events).containsExactly("mine");
            assertThat(threads.submit(Thread::interrupted).get()).isFalse();
            assertThat(threads.submit(Thread::interrupted).get()).isFalse();
        } finally {
            threads.shutdownNow();
        }
    }

    private void ignoreOneInterrupt() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aTaskThatGetsNoThreadHasFailed() {
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            int code = quiet().executor(work -> {
                        throw new RejectedExecutionException("full");
                    })
                    .run(scope -> events.add("ran"));

            assertThat(code).isEqualTo(SafeLoop.FAILED);
            assertThat(events).isEmpty();
            assertThat(log.at(Level.SEVERE)).containsExactly("task \"main\" failed");
        }
    }

    @Test
    void threadsAreNamedLikeTheirTasksAndVirtualWhereTheJdkHasThem() {
        int code = quiet().run(scope ->
                scope.fork("poll", () -> events.add(Thread.currentThread().toString())));

        assertThat(code).isZero();
        String kind = Runtime.version().feature() >= 21 ? "VirtualThread[" : "Thread[";
        assertThat(events)
                .singleElement()
                .satisfies(text -> assertThat(text).startsWith(kind).contains("poll"));
    }

    @Test
    void refusesTimesThatMakeNoSense() {
        assertThatThrownBy(() -> quiet().grace(Duration.ofNanos(-1)))
                .hasMessage("grace must be not negative and at most PT876000H, was PT-0.000000001S");
        assertThatThrownBy(() -> quiet().closeDeadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
