package io.mutil.dataflow;

import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.io.Serializable;

/**
 * Opens one pipe of a {@link PipeIngress}, which then owns it.
 *
 * <pre>{@code
 * PipeOpener fifo = () -> Pipe.builder().readFifo(Path.of("trades.fifo"));
 * PipeOpener parent = () -> Pipe.builder().readFrom(0);
 * PipeOpener child = PipeOpener.child(() -> ChildProcess.start(new ProcessBuilder("./feed")));
 * }</pre>
 */
@FunctionalInterface
public interface PipeOpener extends Serializable {
    /**
     * Opens the pipe; called once for each start, and again when {@link Supervision} has a broken pipe start again, on a
     * thread that may block.
     *
     * @throws IOException if it cannot; the topology then does not start, or the restart has failed
     */
    Pipe open() throws IOException;

    /**
     * A child process that prints frames. It is closed when its output has ended, or with the topology; one that did not end
     * with status 0 counts as a failure. It has 5 seconds from the end of its output to end by itself; after that how it
     * ends does not count.
     */
    static PipeOpener child(Child child) {
        return new ChildOpener(child);
    }

    /** Starts a child process; see {@link PipeOpener#child}. */
    @FunctionalInterface
    interface Child extends Serializable {
        /**
         * Starts the child; called as {@link PipeOpener#open} is.
         *
         * @throws IOException if it cannot be started; the topology then does not start, or the restart has failed
         */
        ChildProcess start() throws IOException;
    }
}
