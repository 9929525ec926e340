package io.mutil.dataflow;

import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An open pipe of an ingress.
 *
 * @param child whose output it is, if it is one's
 */
record PipeSource(Pipe pipe, @Nullable ChildProcess child) {
    static PipeSource open(PipeOpener opener) throws IOException {
        if (opener instanceof ChildOpener starter) {
            ChildProcess child = starter.child().start();
            return new PipeSource(child.pipe(), child);
        }
        return new PipeSource(opener.open(), null);
    }

    /** What it is called in the log. */
    String name() {
        return child == null ? pipe.toString() : "child " + child.process().pid();
    }

    /** Ends it; completes when it has ended, whatever was lost. */
    CompletableFuture<Void> closeAsync() {
        return child == null ? pipe.closeAsync().exceptionally(failure -> null) : child.closeAsync();
    }

    /** What is wrong about the end, if anything is; asked after it was closed. */
    Optional<String> complaint(@Nullable Throwable failure) {
        String status = child == null || child.process().isAlive()
                ? ""
                : "ended with status " + child.process().exitValue();
        if (failure != null) {
            return Optional.of("broke: " + failure.getMessage() + (status.isEmpty() ? "" : "; it " + status));
        }
        return status.isEmpty() || status.endsWith(" 0") ? Optional.empty() : Optional.of(status);
    }
}
