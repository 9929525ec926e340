package io.mutil.dataflow;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The running form of {@link PipeIngress}. */
record OpenPipeIngress<T>(Failures<T> errors, List<PipeSlot<T>> pipes) implements OpenIngress {
    @Override
    public void begin() {
        pipes.forEach(PipeSlot::begin);
    }

    @Override
    public void stop() {
        pipes.forEach(PipeSlot::stop);
    }

    @Override
    public long failures() {
        return errors.count();
    }

    @Override
    public long restarts() {
        return pipes.stream().mapToLong(PipeSlot::restarts).sum();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return CompletableFuture.allOf(pipes.stream().map(PipeSlot::closeAsync).toArray(CompletableFuture<?>[]::new));
    }
}
