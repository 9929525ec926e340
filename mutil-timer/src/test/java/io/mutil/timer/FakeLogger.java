package io.mutil.timer;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A logger of another backend than the JDK's. */
final class FakeLogger implements System.Logger {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile Level lowest = Level.TRACE;
    private int questions;
    private volatile boolean broken;

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
        }
    }
}
