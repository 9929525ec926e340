package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.io.IOError;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;
import org.jspecify.annotations.Nullable;

/**
 * A terminal where commands are typed: line editing, a history, and completion of commands and of the values of their arguments
 * by TAB. It needs JLine ({@code jline-reader} and {@code jline-terminal}), which this module does not bring along.
 *
 * <pre>{@code
 * Shell.of(commands, book)
 *         .prompt("book> ")
 *         .history(Path.of("book.history"))
 *         .run();
 * }</pre>
 *
 * <p>A result that is not null is shown, and an error as one line. What an operation shows appears above the prompt, also if it
 * does so from a thread of its own while the next line is being typed. Ctrl-C cancels the command that runs, or clears the line
 * that is being typed; to interrupt the thread in {@link #run} does the same. Ctrl-D in an empty line ends the shell. What a
 * failed command threw is logged with its trace at DEBUG.
 *
 * <p>Input that comes from a file or a pipe is run line by line in the same way, and its last line needs no line end. Where a
 * terminal hangs up, the line that is being typed is not run.
 *
 * <p>Single use; not safe for use by many threads.
 */
public final class Shell {
    private static final System.Logger LOG = System.getLogger(Shell.class.getName());

    /** What lines are given to. */
    interface Commands {
        /** Begins to run a line. */
        Future<? extends @Nullable Object> run(String line, Consumer<String> out);

        /** What the word at an index may become. */
        List<String> complete(List<String> words, int index);
    }

    private final Commands commands;
    private String prompt = "> ";
    private @Nullable Path history;
    private @Nullable Terminal terminal;
    private volatile @Nullable Future<?> running;
    private volatile boolean isStopped;
    private volatile boolean hasEnded;

    /** A shell for commands, each of which gets this state. */
    public static <S> Shell of(Dispatch<S> commands, S state) {
        requireNonNull(commands, "commands");
        return new Shell(new Commands() {
            @Override
            public Future<? extends @Nullable Object> run(String line, Consumer<String> out) {
                return commands.runAsync(line, state, out);
            }

            @Override
            public List<String> complete(List<String> words, int index) {
                return commands.complete(words, index);
            }
        });
    }

    Shell(Commands commands) {
        this.commands = commands;
    }

    /** What stands in front of each line. Default {@code "> "}. */
    public Shell prompt(String prompt) {
        this.prompt = requireNonNull(prompt, "prompt");
        return this;
    }

    /**
     * Keeps the lines in a file, which is made for its owner alone if it is not there. Default: they are known while the shell
     * runs. A line that begins with a blank is not kept.
     */
    public Shell history(Path file) {
        history = requireNonNull(file, "file");
        return this;
    }

    /**
     * The terminal to use; whoever made it closes it. Default: the one that the program was started from, or, where input or
     * output are none, their bytes.
     */
    public Shell terminal(Terminal terminal) {
        this.terminal = requireNonNull(terminal, "terminal");
        return this;
    }

    /**
     * Runs what is typed until the input ends. Closes the terminal unless it was given.
     *
     * @throws IOException if the terminal cannot be opened or fails, or the history not be written at the end
     */
    public void run() throws IOException {
        try {
            if (terminal == null) {
                runOnOwn();
            } else {
                run(terminal);
            }
        } catch (IOError e) {
            throw new IOException("the terminal failed: " + e.getCause(), e.getCause());
        }
    }

    private void runOnOwn() throws IOException {
        try (Terminal own = open()) {
            run(own);
        }
    }

    /**
     * Where a stream is no terminal JLine asks its native library for the name of one, about which JDK 24 and later complain. Only
     * a property of the whole JVM stops it, which is read while the terminal is made.
     */
    static Terminal open() throws IOException {
        TerminalBuilder builder = TerminalBuilder.builder().system(true).dumb(true);
        String mode = TerminalBuilder.PROP_REDIRECT_PIPE_CREATION_MODE;
        if (System.getProperty(mode) != null) {
            return builder.build();
        }
        System.setProperty(mode, TerminalBuilder.PROP_REDIRECT_PIPE_CREATION_MODE_REFLECTION);
        try {
            return builder.build();
        } finally {
            System.clearProperty(mode);
        }
    }

    private void run(Terminal terminal) throws IOException {
        LineReader reader = reader(terminal);
        SignalHandler before = terminal.handle(Signal.INT, signal -> stop());
        try {
            readAll(reader);
        } finally {
            hasEnded = true;
            terminal.handle(Signal.INT, before);
            terminal.flush();
        }
        if (history != null) {
            reader.getHistory().save();
        }
    }

    private LineReader reader(Terminal terminal) {
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser((line, cursor, context) -> new Line(Words.cut(line, Math.min(cursor, line.length()))))
                .completer((reader, line, candidates) -> commands.complete(line.words(), line.wordIndex())
                        .forEach(value -> candidates.add(new Candidate(value))))
                // an exclamation mark and a backslash belong to the line
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                // lines that are pasted are as many commands, not one
                .option(LineReader.Option.BRACKETED_PASTE, false);
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return builder.build();
    }

    private void readAll(LineReader reader) {
        Consumer<String> out = line -> {
            if (!hasEnded) {
                reader.printAbove(line);
            }
        };
        while (true) {
            try {
                String line = reader.readLine(prompt);
                // Ctrl-C may come while the keys before it are still being worked on; then it is seen late
                if (!Thread.interrupted()) {
                    execute(line, out);
                }
            } catch (UserInterruptException e) {
                // the line is cleared, the next one is read
            } catch (EndOfFileException e) {
                if (e.getPartialLine() != null && isStream(reader.getTerminal())) {
                    execute(e.getPartialLine(), out);
                }
                return;
            }
        }
    }

    /** A file or a pipe, which ends with its last line; a terminal has hung up, and nobody sent the line. */
    private static boolean isStream(Terminal terminal) {
        return terminal instanceof DumbTerminal;
    }

    private void execute(String line, Consumer<String> out) {
        if (line.isBlank()) {
            return;
        }
        isStopped = false;
        try {
            Future<? extends @Nullable Object> future = begin(line, out);
            Object result = future.get();
            if (result != null) {
                out.accept(result.toString());
            }
        } catch (InterruptedException | CancellationException e) {
            stop();
            out.accept("cancelled");
        } catch (ExecutionException e) {
            report(requireNonNull(e.getCause()), out);
        } catch (RuntimeException e) {
            report(e, out);
        } finally {
            running = null;
        }
    }

    private Future<? extends @Nullable Object> begin(String line, Consumer<String> out) {
        Future<? extends @Nullable Object> future = commands.run(line, out);
        running = future;
        if (isStopped) {
            future.cancel(true);
        }
        return future;
    }

    private void stop() {
        isStopped = true;
        Future<?> future = running;
        if (future != null) {
            future.cancel(true);
        }
    }

    private static void report(Throwable error, Consumer<String> out) {
        String message = error.getMessage();
        if (error instanceof DispatchException) {
            out.accept(oneLine(String.valueOf(message)));
            return;
        }
        String kind = error.getClass().getSimpleName();
        out.accept(oneLine(message == null ? kind : kind + ": " + message));
        LOG.log(Level.DEBUG, "a command failed", error);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public String toString() {
        return "Shell[" + prompt.strip() + "]";
    }

    /** A line as JLine wants it for completion. */
    private record Line(Words.Cut cut) implements CompletingParsedLine {
        @Override
        public String word() {
            return cut.word();
        }

        @Override
        public int wordCursor() {
            return cut.wordCursor();
        }

        @Override
        public int wordIndex() {
            return cut.index();
        }

        @Override
        public List<String> words() {
            return cut.words();
        }

        @Override
        public String line() {
            return cut.line();
        }

        @Override
        public int cursor() {
            return cut.cursor();
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return Words.quote(candidate.toString(), cut.quote(), complete);
        }

        @Override
        public int rawWordCursor() {
            return cut.cursor() - cut.rawStart();
        }

        @Override
        public int rawWordLength() {
            return cut.rawEnd() - cut.rawStart();
        }
    }
}
