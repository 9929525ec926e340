package io.mutil.pipe;

import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What operating systems and streams call it when nobody reads any more, in one form. */
final class Failures {
    private static final String[] READER_GONE = {
        "broken pipe", // write(2)
        "stream closed", // the input of a process that has ended
        "pipe closed", // PipedOutputStream
        "pipe broken",
        "read end dead",
        "pipe is being closed", // Windows
        "pipe has been ended"
    };

    private Failures() {}

    /** The failure of a write, for the caller. */
    static IOException ofWrite(IOException failure, String name) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return Stream.of(READER_GONE).anyMatch(message::contains) ? readerGone(name, failure) : failure;
    }

    static IOException readerGone(String name, @Nullable Throwable cause) {
        return new IOException(
                "broken pipe: the reader of " + name + " is gone; what was queued is lost, open a new one", cause);
    }
}
