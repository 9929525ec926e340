package io.mutil.timer;

import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The line of a terminal on which the cursor is, written over and over.
 *
 * <p>Of several lines that want it the one that was opened last has it; the others wait until it is closed. While somebody writes to
 * the log, which may go to the same terminal, there is none.
 *
 * <p>The lock is held while the terminal is written to, as that of its writer is anyhow, and never while a log is. Who steps does not
 * wait for it: a change that comes while another is written is left out.
 */
final class Screen {
    private static final String ERASE_REST = "\u001b[K";
    private static final String COLOUR = "\u001b[36m";
    private static final String PLAIN = "\u001b[0m";
    private static final int DEFAULT_WIDTH = 80;
    private static final int NARROWEST = 10;
    /** Those with open lines: that of the process, or none but in tests. */
    private static final Set<Screen> IN_USE = ConcurrentHashMap.newKeySet();

    private final PrintWriter out;
    private final int width;
    private final boolean erases;
    private final boolean colours;
    private final ReentrantLock writing = new ReentrantLock();
    private final Deque<Line> open = new ArrayDeque<>();
    /** The last of them. */
    private volatile @Nullable Line shown;

    private boolean dirty;
    private int pauses;

    /** @param environment variables of the process */
    Screen(PrintWriter out, Map<String, String> environment) {
        this.out = out;
        width = width(environment.getOrDefault("COLUMNS", ""));
        String terminal = environment.getOrDefault("TERM", "dumb");
        erases = !terminal.equals("dumb");
        colours = erases && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    private static int width(String columns) {
        try {
            int width = Integer.parseInt(columns.strip());
            return width < NARROWEST ? DEFAULT_WIDTH : width;
        } catch (NumberFormatException e) {
            return DEFAULT_WIDTH;
        }
    }

    private static final class OfProcess {
        static final @Nullable Screen SCREEN = find();

        @SuppressWarnings("SystemConsoleNull") // it does on the JDKs below 22
        private static @Nullable Screen find() {
            Console console = System.console();
            return console != null && isTerminal(console) ? new Screen(console.writer(), System.getenv()) : null;
        }

        /** Since JDK 22 there is a console without a terminal too, and a method that tells. */
        private static boolean isTerminal(Console console) {
            try {
                return (boolean) Console.class.getMethod("isTerminal").invoke(console);
            } catch (ReflectiveOperationException e) {
                return true;
            }
        }
    }

    /** That of the process, null if its input or its output is no terminal. */
    static @Nullable Screen ofProcess() {
        return OfProcess.SCREEN;
    }

    /** Writes a log, with no line in its way. */
    static void aside(Runnable log) {
        List<Screen> screens = List.copyOf(IN_USE);
        screens.forEach(screen -> screen.pause(1));
        try {
            log.run();
        } finally {
            screens.forEach(screen -> screen.pause(-1));
        }
    }

    private void pause(int change) {
        writing.lock();
        try {
            pauses += change;
            erase();
        } finally {
            writing.unlock();
        }
    }

    Line open() {
        var line = new Line();
        writing.lock();
        try {
            open.addLast(line);
            shown = line;
            IN_USE.add(this);
        } finally {
            writing.unlock();
        }
        return line;
    }

    private void close(Line line) {
        writing.lock();
        try {
            open.remove(line);
            if (shown == line) {
                shown = open.peekLast();
                erase();
            }
            if (open.isEmpty()) {
                IN_USE.remove(this);
            }
        } finally {
            writing.unlock();
        }
    }

    private void erase() {
        if (dirty) {
            dirty = false;
            write("\r" + blank());
        }
    }

    private String blank() {
        return erases ? ERASE_REST : " ".repeat(width - 1) + "\r";
    }

    private void write(String text) {
        out.write(text);
        out.flush();
    }

    /** What one timer shows. */
    final class Line {
        private Line() {}

        /** Whether no other line was opened later. */
        boolean isShown() {
            return shown == this;
        }

        /** Shows a text, cut to the width, of which the head stands out. Does nothing if the line is not to be there now. */
        void show(String head, String rest) {
            String text = "\r" + cut(head, rest);
            if (!writing.tryLock()) {
                return;
            }
            try {
                if (pauses == 0 && isShown()) {
                    dirty = true;
                    write(text);
                }
            } finally {
                writing.unlock();
            }
        }

        void close() {
            Screen.this.close(this);
        }
    }

    private String cut(String head, String rest) {
        // in the last column some terminals begin a new line
        int room = width - 1;
        String first = cut(head, room);
        String second = cut(rest, room - columns(first));
        String text = colours ? COLOUR + first + PLAIN + second : first + second;
        return erases ? text + ERASE_REST : text + " ".repeat(room - columns(first) - columns(second));
    }

    private static String cut(String text, int room) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            used += columns(point);
            if (used > room) {
                break;
            }
            end += Character.charCount(point);
        }
        return text.substring(0, end);
    }

    private static int columns(String text) {
        return text.codePoints().map(Screen::columns).sum();
    }

    /** At most: not all that follow Latin, Greek and Cyrillic are wide, but a line that is too short does no harm. */
    private static int columns(int point) {
        return point < 0x1100 ? 1 : 2;
    }
}
