package io.mutil.timer;

import java.util.concurrent.atomic.AtomicLong;

/** Runs in a JVM of its own: a section of a hundred steps that take ten milliseconds each by its clock, and one inside it. */
final class TerminalProgram {
    private TerminalProgram() {}

    public static void main(String... args) {
        var clock = new AtomicLong();
        try (Timer t = Timer.named("load")
                .unit("rows")
                .total(100)
                .clock(() -> clock.addAndGet(10_000_000))
                .every(50)
                .progress()
                .start()) {
            for (int i = 0; i < 100; i++) {
                t.step();
            }
            Timer.run("inside", () -> System.out.println("result"));
        }
    }
}
