package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.loop.Completion;
import io.mutil.loop.FailurePolicy;
import io.mutil.loop.ForeverLoop;
import io.mutil.loop.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Prints what is appended to several files, each line behind the name of its file, until Ctrl-C. */
public final class Tail {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final FailurePolicy PATIENT = FailurePolicy.retry(Duration.ofMillis(500), Duration.ofSeconds(10));

    private Tail() {}

    /**
     * Follows files.
     *
     * @param args the files, which need not be there yet
     */
    public static void main(String... args) throws InterruptedException {
        if (args.length == 0) {
            System.out.println("usage: Tail FILE...");
            return;
        }
        try (ForeverLoop<String> loop =
                follow(Arrays.stream(args).distinct().map(Path::of).toList(), PAUSE)) {
            Runtime.getRuntime().addShutdownHook(new Thread(loop::close, "stop"));
            print(loop, System.out);
        }
    }

    /** A source for each file, which is tried again as long as the file is not there. */
    static ForeverLoop<String> follow(List<Path> files, Duration pause) {
        ForeverLoop<String> loop = ForeverLoop.builder().onFailure(PATIENT).build();
        files.forEach(file -> loop.add(Source.blocking(file.toString(), new End(file, pause)::read)));
        return loop;
    }

    /** Prints until the loop is closed. */
    static void print(ForeverLoop<String> loop, PrintStream out) throws InterruptedException {
        loop.run(next -> print(next, out));
    }

    private static void print(Completion<String> next, PrintStream out) {
        if (next.isFailure()) {
            if (next.consecutiveFailures() == 1) {
                out.println(next + "; trying again");
            }
            return;
        }
        next.get().lines().forEach(line -> out.println(next.source() + ": " + line));
    }

    /** The end of a file that grows. */
    private static final class End {
        private final Path file;
        private final Duration pause;
        private long position;

        End(Path file, Duration pause) {
            this.file = file;
            this.pause = pause;
        }

        /** Waits for whole lines. */
        String read() throws IOException, InterruptedException {
            while (true) {
                String lines = lines();
                if (!lines.isEmpty()) {
                    return lines;
                }
                Thread.sleep(pause.toMillis());
            }
        }

        private String lines() throws IOException {
            long size = size();
            if (size < position) {
                // it was cut off or replaced
                position = 0;
            }
            byte[] fresh = new byte[(int) Math.min(size - position, 1 << 16)];
            try (var open = new RandomAccessFile(file.toFile(), "r")) {
                open.seek(position);
                open.readFully(fresh);
            }
            int end = end(fresh);
            position += end;
            return new String(fresh, 0, end, UTF_8);
        }

        private long size() throws IOException {
            try {
                return Files.size(file);
            } catch (NoSuchFileException e) {
                // what comes in its place is read from the beginning
                position = 0;
                throw e;
            }
        }

        /** Behind the last line that is whole; a line that is too long is cut. */
        private static int end(byte[] bytes) {
            for (int end = bytes.length; end > 0; end--) {
                if (bytes[end - 1] == '\n') {
                    return end;
                }
            }
            return bytes.length == 1 << 16 ? bytes.length : 0;
        }
    }
}
