package io.mutil.timer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Runs in a JVM of its own: reads a file in chunks, each of which takes ten milliseconds by its clock, with a section inside. */
final class TerminalProgram {
    private static final int CHUNK = 1_024;

    private TerminalProgram() {}

    public static void main(String... args) throws IOException {
        var file = Path.of(args[0]);
        var clock = new AtomicLong();
        Timer.named("load")
                .bytes()
                .total(Files.size(file))
                .clock(() -> clock.addAndGet(10_000_000))
                .every(50 * CHUNK)
                .progress()
                .run(timer -> read(file, timer));
    }

    private static void read(Path file, Timer timer) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                timer.step(read);
            }
        }
        Timer.run("inside", () -> System.out.println("result"));
    }
}
