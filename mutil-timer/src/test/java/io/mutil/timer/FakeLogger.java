package io.mutil.timer;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A logger of another backend than the JDK's. */
final class FakeLogger implements System.Logger {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile Level lowest = Level.TRACE;
    private int questions;
    private volatile boolean broken;
    private volatile boolean deaf;
    private volatile Consumer<String> reader = line -> {};

    List<String> lines() {
        return lines;
    }

    void lowest(Level level) {
        lowest = level;
    }

    /** From now on writing fails. */
    void breaks() {
        broken = true;
    }

    /** From now on asking whether a level is on fails. */
    void isDeaf() {
        deaf = true;
    }

    /** Gets each line from now on, while it is written. */
    void reader(Consumer<String> reader) {
        this.reader = reader;
    }

    synchronized int questions() {
        return questions;
    }

    @Override
    public String getName() {
        return "fake";
    }

    @Override
    public synchronized boolean isLoggable(Level level) {
        questions++;
        if (deaf) {
            throw new IllegalStateException("no configuration");
        }
        return level.getSeverity() >= lowest.getSeverity();
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
        if (broken) {
            throw new IllegalStateException("disk full");
        }
        if (isLoggable(level)) {
            lines.add(String.valueOf(format));
            reader.accept(String.valueOf(format));
        }
    }
}
