package io.mutil.frame;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program in a process of its own, which a test starts. */
final class Child {
    private static final String[] OF_TABLESAW = {
        "tablesaw",
        "fastutil",
        "guava",
        "failureaccess",
        "RoaringBitmap",
        "univocity",
        "classgraph",
        "commons-math3",
        "slf4j-api"
    };

    private record Order(String symbol, long shares, double price, String note) {}

    private Child() {}

    /** Prints records, wider than most terminals, plainly or to a terminal that is told. */
    public static void main(String... args) {
        Rows rows = Rows.ofRecords(
                List.of(new Order("IBM", 100, 231.5, "a note, ".repeat(20)), new Order("トヨタ", -200, 18.25, "😀")),
                Order.class);
        if (args.length == 0) {
            Frame.print(rows, System.out);
        } else {
            // a machine that is busy may take its time
            var terminal = new Terminal(System::getenv, System::nanoTime, new Stty(List.of("/bin/sh", "-c"), 60_000));
            FramePrinter printer = FramePrinter.builder().terminal(terminal).build();
            printer.print(rows, args[0].equals("err") ? System.err : System.out);
        }
    }

    static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    /** Our own classes, and those of tests. */
    static String classPath() {
        return path().filter(entry -> entry.contains("mutil-frame")).collect(Collectors.joining(File.pathSeparator));
    }

    /** Our module and what it needs. */
    static String modulePath() {
        return path().filter(entry -> (entry.contains("mutil-frame") && !entry.contains("test-classes"))
                        || Stream.of(OF_TABLESAW)
                                .anyMatch(part -> new File(entry).getName().contains(part)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> path() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
    }
}
