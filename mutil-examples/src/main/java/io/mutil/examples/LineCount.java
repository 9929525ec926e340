package io.mutil.examples;

import io.mutil.timer.Section;
import io.mutil.timer.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts the line ends of files, as {@code wc -l} does, and shows how far it is: on a terminal in place, elsewhere in the log every
 * five seconds.
 */
public final class LineCount {
    private static final int CHUNK = 1 << 16;

    private LineCount() {}

    /**
     * Runs it, and ends with 2 if no files were named, with 1 if one cannot be read.
     *
     * @param args the files
     */
    public static void main(String... args) {
        int exitCode = run(Stream.of(args).map(Path::of).toList(), System.out, System.err);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static int run(List<Path> files, PrintStream out, PrintStream errors) {
        if (files.isEmpty()) {
            errors.println("usage: LineCount FILE...");
            return 2;
        }
        Section section =
                Timer.named("count lines").every(Duration.ofSeconds(5)).progress();
        try {
            out.println(count(files, section) + " lines");
            return 0;
        } catch (IOException e) {
            errors.println("LineCount: cannot read all files: " + e);
            return 1;
        }
    }

    static long count(List<Path> files, Section section) throws IOException {
        // that one is missing is seen when it is opened, and told by its section
        long bytes = files.stream().mapToLong(file -> file.toFile().length()).sum();
        return section.bytes().total(bytes).call(timer -> count(files, timer));
    }

    private static long count(List<Path> files, Timer timer) throws IOException {
        long lines = 0;
        byte[] chunk = new byte[CHUNK];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    lines += lineEnds(chunk, read);
                    timer.step(read);
                }
            }
        }
        return lines;
    }

    private static int lineEnds(byte[] chunk, int length) {
        int ends = 0;
        for (int i = 0; i < length; i++) {
            if (chunk[i] == '\n') {
                ends++;
            }
        }
        return ends;
    }
}
