package io.mutil.loop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** What {@link SafeLoopSignalsTest} runs in JVMs of its own, and sends signals to. */
final class SafeLoopProgram {
    private SafeLoopProgram() {}

    public static void main(String[] args) {
        int code = switch (args[0]) {
            case "waits" -> waits();
            case "deaf" -> deaf();
            case "slow" -> slow();
            case "ends" -> SafeLoop.run(scope -> say("ends"));
            case "exits" -> exits();
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
}
