package io.mutil.sqlshard;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Where an interface of the JDK lets no checked exception through. */
final class Unchecked {
    private Unchecked() {}

    static <R extends @Nullable Object> R call(Handoff.Work<R> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException("interrupted while the store was at work");
            interrupted.initCause(e);
            throw new UncheckedIOException(interrupted);
        }
    }
}
