package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.FileLockInterruptionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Interrupts, failures and cancelled tasks at awkward moments. */
class SafeLoopEndTest {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);

    /** With a grace that no test lives to see the end of. */
    private static SafeLoopBuilder quiet() {
        return SafeLoop.builder().signals(false).grace(Duration.ofDays(1)).closeDeadline(Duration.ofDays(1));
    }

    private static Executor threads() {
        return work -> new Thread(work).start();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aSocketThatIsInterruptedOnAVirtualThreadIsNoFailure() throws Exception {
        var begun = new CountDownLatch(1);
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SafeLoop loop = quiet().start(scope -> {
                    begun.countDown();
                    server.accept().close();
                })) {
            begun.await();
            loop.stop();

            assertThat(loop.await()).isZero();
            assertThat(loop.failure()).isEmpty();
        }
    }

    @Test
    void whatASocketThrowsIsAnInterruptIfItCameFromOne() {
        int interrupted = quiet().run(scope -> {
            scope.stop();
            throw new IOException("no answer", new SocketException("Closed by interrupt"));
        });
        int locked = quiet().run(scope -> {
            scope.stop();
            Thread.interrupted();
            throw new FileLockInterruptionException();
        });
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            int reset = quiet().run(scope -> {
                scope.stop();
                Thread.interrupted();
                throw new SocketException("Connection reset");
            });

            assertThat(reset).isEqualTo(SafeLoop.FAILED);
            assertThat(log.at(Level.SEVERE)).containsExactly("task \"main\" failed");
        }
        assertThat(interrupted).isZero();
        assertThat(locked).isZero();
    }

    @Test
    void whoWasWokenFromTheWaitForTheStopIsInterruptedByIt() throws Exception {
        var body = new CompletableFuture<Thread>();
        var woken = new CountDownLatch(1);
        SafeLoop loop = quiet().start(scope -> {
            body.complete(Thread.currentThread());
            assertThatThrownBy(scope::awaitStop).isInstanceOf(InterruptedException.class);
            woken.countDown();
            never.await();
        });
        body.get().interrupt();
        woken.await();

        loop.stop();

        assertThat(loop.await()).isZero();
    }

    @Test
    void aTaskThatNoThreadCanBeStartedForHasFailed() {
        var full = new OutOfMemoryError("unable to create native thread");
        Executor once = work -> {
            if (!work.toString().equals("main")) {
                throw full;
            }
            threads().execute(work);
        };
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            int code = quiet().executor(once)
                    .run(scope -> assertThatThrownBy(scope.fork("a", () -> {}).future()::join)
                            .isInstanceOf(CompletionException.class)
                            .hasCause(full));

            assertThat(code).isEqualTo(SafeLoop.FAILED);
            assertThat(log.at(Level.SEVERE)).containsExactly("task \"a\" failed");
        }
    }

    /** Has no text. */
    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            throw new IllegalStateException("no trace");
        }
    }

    @Test
    void anExceptionThatCannotBePrintedIsAFailureLikeOthers() {
        var task = new CompletableFuture<SafeLoopTask>();
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            int code = quiet().run(scope -> {
                var begun = new CountDownLatch(1);
                task.complete(scope.fork("odd", () -> {
                    begun.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new Unprintable();
                    }
                }));
                begun.await();
                throw new IOException("no disk");
            });

            assertThat(code).isEqualTo(SafeLoop.FAILED);
            assertThat(task.join().future()).isCompletedExceptionally();
            assertThat(log.at(Level.WARNING))
                    .containsExactly("1 failed while the program ended:\ntask \"odd\": " + Unprintable.class.getName()
                            + ", which cannot be printed: java.lang.IllegalStateException\n");
        }
    }

    @Test
    void aFailureEndsTheProgramThoughTheLogFails() {
        var broken = new FullDisk();
        Logger logger = Logger.getLogger(SafeLoop.class.getName());
        logger.addHandler(broken);
        try (var log = LogLines.of(SafeLoop.class, Level.INFO)) {
            int code = quiet().run(scope -> {
                scope.fork("other", never::await);
                scope.onClose("hook", () -> events.add("closed"));
                throw new IOException("no disk");
            });

            assertThat(code).isEqualTo(SafeLoop.FAILED);
            assertThat(events).containsExactly("closed");
            assertThat(log.all()).hasSizeLessThanOrEqualTo(1);
        } finally {
            logger.removeHandler(broken);
        }
    }

    @Test
    void allAreInterruptedBeforeAnybodyHearsOfACancelledTask() {
        var interrupted = new CountDownLatch(1);
        Executor notAll = work -> {
            if (!work.toString().equals("queued")) {
                threads().execute(work);
            }
        };

        int code = quiet().executor(notAll).run(scope -> {
            SafeLoopTask queued = scope.fork("queued", () -> events.add("ran"));
            var heard = queued.future().handle((nothing, error) -> {
                awaitUninterruptibly(interrupted);
                return events.add("heard");
            });
            var begun = new CountDownLatch(1);
            scope.fork("other", () -> {
                begun.countDown();
                try {
                    never.await();
                } finally {
                    interrupted.countDown();
                }
            });
            begun.await();
            scope.stop();
            assertThat(heard).isCompleted();
        });

        assertThat(code).isZero();
        assertThat(events).containsExactly("heard");
    }

    @Test
    void aTaskIsInterruptedBeforeAnybodyHearsThatItWasCancelled() {
        var interrupted = new CountDownLatch(1);

        int code = quiet().run(scope -> {
            var begun = new CountDownLatch(1);
            SafeLoopTask task = scope.fork("a", () -> {
                begun.countDown();
                try {
                    never.await();
                } finally {
                    interrupted.countDown();
                    Eventually.until("it is cancelled", () -> events.contains("heard"));
                }
            });
            var heard = task.future().handle((nothing, error) -> {
                awaitUninterruptibly(interrupted);
                return events.add("heard");
            });
            begun.await();
            assertThat(task.isDone()).isFalse();
            task.cancel();
            assertThat(task.isDone()).isTrue();
            assertThat(heard).isCompleted();
        });

        assertThat(code).isZero();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        Eventually.until("it has happened", () -> latch.getCount() == 0);
    }

    @Test
    void aCancelledTaskDoesNotWaitForTheStop() {
        int code = quiet().run(scope -> {
            var task = new CompletableFuture<SafeLoopTask>();
            task.complete(scope.fork("a", () -> {
                task.get().cancel();
                scope.awaitStop();
            }));
        });

        assertThat(code).isZero();
    }

    @Test
    void anInterruptOfTheCallerChangesNothingWhileTheProgramEnds() {
        Thread caller = Thread.currentThread();

        int code = quiet().run(scope -> {
            scope.onClose("hook", () -> {
                caller.interrupt();
                Eventually.until("the caller was told", () -> !caller.isInterrupted());
                events.add("closed");
            });
            var begun = new CountDownLatch(1);
            scope.fork("a", () -> {
                begun.countDown();
                try {
                    never.await();
                } finally {
                    caller.interrupt();
                    Eventually.until("the caller was told", () -> !caller.isInterrupted());
                    events.add("ended");
                }
            });
            begun.await();
            scope.stop();
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(code).isZero();
        assertThat(events).containsSubsequence("ended", "closed");
    }

    @Test
    void aProgramWithinAnotherEndsWithIt() throws Exception {
        var begun = new CountDownLatch(1);
        var inner = new LinkedBlockingQueue<Integer>();
        SafeLoop outer = quiet().start(scope -> {
            scope.onClose("outer", () -> events.add("outer closed"));
            scope.fork(
                    "inner",
                    () -> inner.add(quiet().run(within -> {
                        within.onClose("inner", () -> events.add("inner closed"));
                        begun.countDown();
                        never.await();
                    })));
        });
        begun.await();

        outer.stop();

        assertThat(outer.await()).isZero();
        assertThat(inner).containsExactly(0);
        assertThat(events).containsExactly("inner closed", "outer closed");
    }
}
