package io.mutil.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What a program would show its operator, who should see nothing of strangers but that they were refused: warnings, and
 * exceptions that ended a thread.
 */
final class Complaints extends Handler implements AutoCloseable {
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final Logger ours = Logger.getLogger("io.mutil.server");
    private final Logger netty = Logger.getLogger("io.netty");
    private final Level before = ours.getLevel();
    private final Thread.UncaughtExceptionHandler uncaughtBefore = Thread.getDefaultUncaughtExceptionHandler();

    Complaints() {
        ours.setLevel(Level.WARNING);
        ours.setUseParentHandlers(false);
        ours.addHandler(this);
        netty.addHandler(this);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> add("uncaught in " + thread.getName(), e));
    }

    void add(String what) {
        all.add(what);
    }

    void add(String what, Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        all.add(what + ": " + text);
    }

    List<String> all() {
        return all;
    }

    @Override
    public void publish(LogRecord line) {
        boolean refusal = line.getMessage().startsWith("refused ") && line.getThrown() == null;
        if (line.getLevel().intValue() >= Level.WARNING.intValue() && !refusal) {
            if (line.getThrown() == null) {
                add(line.getMessage());
            } else {
                add(line.getMessage(), line.getThrown());
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        ours.removeHandler(this);
        ours.setUseParentHandlers(true);
        ours.setLevel(before);
        netty.removeHandler(this);
        Thread.setDefaultUncaughtExceptionHandler(uncaughtBefore);
    }
}
