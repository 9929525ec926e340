package io.mutil.loop;

import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** A log that fails. */
final class FullDisk extends Handler {
    @Override
    public void publish(LogRecord line) {
        throw new AssertionError("disk full");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
