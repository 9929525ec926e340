package io.mutil.timer;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * The line of a terminal on which the cursor is, written over and over.
 *
 * <p>Of several lines that want it the one that was opened last has it; the others wait until it is closed. Each change is a single
 * write, so that those of several threads do not mix. No lock is held meanwhile: who finds after a write that the line is not its own
 * any more takes it back.
 */
final class Screen {
    private static final String ERASE_REST = "\u001b[K";
    private static final String COLOUR = "\u001b[36m";
    private static final String PLAIN = "\u001b[0m";
    private static final int DEFAULT_WIDTH = 80;
    private static final int NARROWEST = 10;

    private final PrintWriter out;
    private final int width;
    private final boolean erases;
    private final boolean colours;
    private final ConcurrentLinkedDeque<Line> open = new ConcurrentLinkedDeque<>();
    private volatile boolean dirty;

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

    Line open() {
        var line = new Line();
        open.addLast(line);
        return line;
    }

    /** Makes room for other output; the next change writes the line again. */
    void clear() {
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

        /** Shows a text, cut to the width, of which the head stands out. Does nothing while another line was opened later. */
        void show(String head, String rest) {
            if (open.peekLast() == this) {
                write("\r" + cut(head, rest));
                dirty = true;
                if (open.peekLast() != this) {
                    clear();
                }
            }
        }

        void close() {
            boolean owned = open.peekLast() == this;
            open.remove(this);
            if (owned) {
                clear();
            }
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
