package io.mutil.dataflow;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs while a test runs, which then is not printed. */
final class LogLines extends Handler implements AutoCloseable {
    private final List<LogRecord> all = new CopyOnWriteArrayList<>();
    // A logger is only weakly held by its manager.
    private final Logger logger;

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    static LogLines of(Class<?> type) {
        var lines = new LogLines(Logger.getLogger(type.getName()));
        lines.logger.setLevel(Level.WARNING);
        lines.logger.setUseParentHandlers(false);
        lines.logger.addHandler(lines);
        return lines;
    }

    List<String> warnings() {
        return all.stream()
                .filter(line -> line.getLevel().equals(Level.WARNING))
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
