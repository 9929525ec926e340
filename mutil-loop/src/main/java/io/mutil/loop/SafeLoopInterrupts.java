package io.mutil.loop;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Tells what work throws because it was interrupted from what it throws for reasons of its own. */
final class SafeLoopInterrupts {
    private SafeLoopInterrupts() {}

    /** Whether an interrupt explains it. Asked on the thread that threw it, before its interrupt is cleared. */
    static boolean explain(Throwable thrown) {
        Throwable e = thrown;
        // bounded, since causes may form a ring
        for (int depth = 0; e != null && depth < 100; depth++) {
            if (explainAlone(e)) {
                return true;
            }
            e = e.getCause();
        }
        return false;
    }

    private static boolean explainAlone(@Nullable Throwable e) {
        return e instanceof InterruptedException
                || e instanceof CancellationException
                || e instanceof ClosedByInterruptException
                || e instanceof FileLockInterruptionException
                || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))
                // all that a socket says that was interrupted on a virtual thread
                || (e instanceof SocketException && Thread.currentThread().isInterrupted());
    }
}
