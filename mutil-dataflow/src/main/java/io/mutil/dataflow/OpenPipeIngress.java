package io.mutil.dataflow;

import io.mutil.codec.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The running form of {@link PipeIngress}: a lane for each pipe, which ends with it. */
final class OpenPipeIngress<T> implements OpenIngress {
    private final Failures<T> failures;
    private final List<IngressLane<T>> lanes;
    private final List<PipeSource> pipes;
    private final List<FrameFeed<T>> feeds = new ArrayList<>();

    OpenPipeIngress(Codec<T> codec, Failures<T> failures, List<IngressLane<T>> lanes, List<PipeSource> pipes) {
        this.failures = failures;
        this.lanes = lanes;
        this.pipes = pipes;
        for (int i = 0; i < pipes.size(); i++) {
            PipeSource pipe = pipes.get(i);
            IngressLane<T> lane = lanes.get(i);
            feeds.add(new FrameFeed<>(
                    pipe.name(), pipe.pipe(), codec, lane, failures, failure -> ended(pipe, lane, failure)));
        }
    }

    /** The pipe is closed first, because only then a child's status is known. */
    private void ended(PipeSource pipe, IngressLane<T> lane, @Nullable Throwable failure) {
        if (lane.isStopped()) {
            return;
        }
        var unused = pipe.closeAsync().whenComplete((none, closing) -> {
            pipe.complaint(failure).ifPresent(complaint -> failures.addBroken(pipe.name(), complaint));
            lane.stop();
        });
    }

    @Override
    public void begin() {
        for (int i = 0; i < lanes.size(); i++) {
            FrameFeed<T> feed = feeds.get(i);
            lanes.get(i).begin();
            lanes.get(i).loop().execute(feed::open);
        }
    }

    @Override
    public void stop() {
        lanes.forEach(IngressLane::stop);
    }

    @Override
    public long failures() {
        return failures.count();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return CompletableFuture.allOf(
                pipes.stream().map(PipeSource::closeAsync).toArray(CompletableFuture<?>[]::new));
    }
}
