package io.mutil.frame;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How wide lines may be, and whether there are colours. Java 17 cannot ask a terminal for its size, so {@code stty} of a child process
 * does, once a second at most, or for each of several threads that ask at the same moment.
 */
final class Terminal {
    /** With less, row numbers and borders would leave nothing for a column. */
    static final int NARROWEST = 20;

    private static final int USUAL = 80;
    private static final int WIDEST = 1_000_000;
    private static final long FRESH = 1_000_000_000;
    static final int OUT = 1;
    static final int ERR = 2;

    /** Variables of the process. */
    interface Environment {
        /** The value; null if it is not set. */
        @Nullable
        String get(String name);
    }

    /** Asks the terminal that one of our own descriptors is. */
    interface Probe {
        /** Its columns, 0 if it does not know, -1 if the descriptor is no terminal. */
        int columns(int descriptor);
    }

    private record Answer(int columns, long time) {}

    private final Environment environment;
    private final LongSupplier nanoTime;
    private final Probe probe;
    private final AtomicReferenceArray<@Nullable Answer> answers = new AtomicReferenceArray<>(ERR + 1);

    Terminal(Environment environment, LongSupplier nanoTime, Probe probe) {
        this.environment = environment;
        this.nanoTime = nanoTime;
        this.probe = probe;
    }

    static Terminal ofProcess() {
        return new Terminal(System::getenv, System::nanoTime, new Stty());
    }

    /** @param out where it is printed; null if that is not known, which counts as the standard output */
    int width(@Nullable PrintStream out) {
        int told = columnsTold();
        if (told > 0) {
            return Math.max(NARROWEST, told);
        }
        int columns = columns(out == null ? OUT : descriptor(out));
        return columns > 0 ? Math.max(NARROWEST, columns) : USUAL;
    }

    private int columnsTold() {
        String text = environment.get("COLUMNS");
        if (text == null || !text.matches("[0-9]{1,7}")) {
            return 0;
        }
        return Math.min(WIDEST, Integer.parseInt(text));
    }

    boolean hasColours(@Nullable PrintStream out) {
        String none = environment.get("NO_COLOR");
        if (out == null || (none != null && !none.isEmpty()) || "dumb".equals(environment.get("TERM"))) {
            return false;
        }
        return columns(descriptor(out)) >= 0;
    }

    @SuppressWarnings("ReferenceEquality") // it is about the streams of the process, not about streams like them
    private static int descriptor(PrintStream out) {
        return out == System.out ? OUT : out == System.err ? ERR : 0;
    }

    private int columns(int descriptor) {
        if (descriptor == 0) {
            return -1;
        }
        long now = nanoTime.getAsLong();
        Answer known = answers.get(descriptor);
        if (known != null && now - known.time() < FRESH) {
            return known.columns();
        }
        int columns = probe.columns(descriptor);
        if (!Thread.currentThread().isInterrupted()) {
            // else it may be that nobody waited for the answer
            answers.set(descriptor, new Answer(columns, now));
        }
        return columns;
    }
}
