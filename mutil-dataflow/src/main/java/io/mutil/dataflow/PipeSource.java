package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open pipe of an ingress.
 *
 * @param child whose output it is, if it is one's
 */
record PipeSource(Pipe pipe, @Nullable ChildProcess child) {
    /** How long a child has to end by itself, behind the end of its output. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    static PipeSource open(PipeOpener opener) throws IOException {
        if (opener instanceof ChildOpener starter) {
            ChildProcess child = requireNonNull(starter.child().start(), "the opener gave no child");
            return new PipeSource(child.pipe(), child);
        }
        return new PipeSource(requireNonNull(opener.open(), "the opener gave no pipe"), null);
    }

    /** What it is called in the log. */
    String name() {
        return child == null ? pipe.toString() : "child " + child.process().pid();
    }

    /** Ends it; completes when it has ended, whatever was lost. */
    CompletableFuture<Void> closeAsync() {
        return child == null ? pipe.closeAsync().exceptionally(failure -> null) : child.closeAsync();
    }

    /**
     * Ends what gives nothing more; completes when it has ended, with what is wrong about that, if anything is. How a child
     * ended that had to be made to, behind an output that was whole, is not its fault.
     */
    CompletableFuture<Optional<String>> finishAsync(@Nullable Throwable failure) {
        if (child == null || failure != null) {
            return closeAsync().thenApply(none -> broken(failure));
        }
        var unusedInput = child.pipe().closeOutputAsync();
        return child.exit()
                .completeOnTimeout(0, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(status -> closeAsync()
                        .thenApply(
                                none -> status == 0 ? Optional.empty() : Optional.of("ended with status " + status)));
    }

    private Optional<String> broken(@Nullable Throwable failure) {
        if (failure == null) {
            return Optional.empty();
        }
        String status = child == null || child.process().isAlive()
                ? ""
                : "; it ended with status " + child.process().exitValue();
        return Optional.of("broke: " + failure.getMessage() + status);
    }
}
