package io.mutil.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs while a test runs, which then is not printed. */
public final class LogLines extends Handler implements AutoCloseable {
    private final List<LogRecord> all = new CopyOnWriteArrayList<>();
    // only weakly held by its manager
    private final Logger logger;

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    /** Listens to a class, from a level on. */
    public static LogLines of(Class<?> type, Level level) {
        Logger logger = Logger.getLogger(type.getName());
        var lines = new LogLines(logger);
        logger.setLevel(level);
        logger.setUseParentHandlers(false);
        logger.addHandler(lines);
        return lines;
    }

    /** Everything so far. */
    public List<LogRecord> all() {
        return all;
    }

    /** The messages of one level so far. */
    public List<String> at(Level level) {
        return all.stream()
                .filter(line -> line.getLevel().equals(level))
                .map(LogRecord::getMessage)
                .toList();
    }

    @Override
    public void publish(LogRecord line) {
        all.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }
}
