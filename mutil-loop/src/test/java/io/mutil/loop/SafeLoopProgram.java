package io.mutil.loop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** What {@link SafeLoopSignalsTest} runs in JVMs of its own, and sends signals to. */
final class SafeLoopProgram {
    private SafeLoopProgram() {}

    public static void main(String[] args) throws Exception {
        int code = switch (args[0]) {
            case "waits" -> waits();
            case "deaf" -> deaf();
            case "slow" -> slow();
            case "stubborn" -> stubborn();
            case "spins" -> spins();
            case "exits" -> exits();
            case "hook exits" -> hookExits();
            case "answers" -> answers();
            case "raises" -> new SafeLoopRaises(SafeLoopProgram::say).run();
            default -> throw new IllegalArgumentException(args[0]);
        };
        System.exit(code);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static int waits() {
        return SafeLoop.run(scope -> {
            scope.use("first", () -> say("first closed"));
            scope.onClose("second", () -> say("second closed"));
            scope.fork("task", () -> {
                scope.awaitStop();
                say("task ends");
            });
            say("ready");
        });
    }

    private static int deaf() {
        return SafeLoop.builder().grace(Duration.ofMillis(1)).run(scope -> {
            scope.onClose("hook", () -> say("closed"));
            scope.fork("deaf", SafeLoopProgram::ignoreInterrupts);
            say("ready");
        });
    }

    private static void ignoreInterrupts() {
        while (true) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }

    private static int slow() {
        return SafeLoop.run(scope -> {
            scope.onClose("last", () -> say("last closed"));
            scope.onClose("slow", Duration.ofDays(1), () -> {
                say("closing");
                new CountDownLatch(1).await();
            });
            scope.fork("task", scope::awaitStop);
            say("ready");
        });
    }

    private static int exits() {
        return SafeLoop.builder().grace(Duration.ofDays(1)).run(scope -> {
            scope.onClose("hook", () -> say("closed"));
            scope.fork("exits", () -> System.exit(3));
        });
    }

    private static int stubborn() {
        return SafeLoop.builder().grace(Duration.ofDays(1)).run(scope -> {
            scope.onClose("hook", () -> say("closed"));
            scope.fork("stubborn", () -> {
                awaitInterrupt();
                say("told");
                ignoreInterrupts();
            });
            say("ready");
        });
    }

    private static void awaitInterrupt() {
        while (!Thread.interrupted()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static int spins() throws InterruptedException {
        var begun = new CountDownLatch(1);
        SafeLoop loop = SafeLoop.builder()
                .grace(Duration.ofMillis(1))
                .closeDeadline(Duration.ofDays(1))
                .start(scope -> {
                    scope.onClose("hook", () -> say("closed"));
                    begun.countDown();
                    while (true) {
                        Thread.onSpinWait();
                    }
                });
        begun.await();
        loop.stop();
        return loop.await();
    }

    private static int hookExits() {
        return SafeLoop.run(scope -> {
            scope.onClose("last", () -> say("closed"));
            scope.onClose("exits", Duration.ofDays(1), () -> System.exit(3));
        });
    }

    private static int answers() {
        return SafeLoop.builder().grace(Duration.ofDays(1)).run(scope -> {
            scope.onClose("hook", () -> say("closed"));
            scope.fork("answers", () -> {
                awaitInterrupt();
                // not before others had a look at what this one does
                while (!isShuttingDown()) {
                    LockSupport.parkNanos(1_000_000);
                }
                System.exit(4);
            });
            new Thread(() -> System.exit(3), "outside").start();
        });
    }

    private static boolean isShuttingDown() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("safe-loop-shutdown"))
                .map(Thread::getState)
                .anyMatch(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING);
    }
}
