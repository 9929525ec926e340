package io.mutil.dataflow;

import io.mutil.codec.Codec;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One pipe of an ingress with a lane to itself, and those that take its place. */
final class PipeSlot<T> implements Succession.Place<PipeSource> {
    /** How long an opener has to return when its pipe is no longer wanted. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final PipeOpener opener;
    private final String part;
    private final Codec<T> codec;
    private final IngressLane<T> lane;
    private final Failures<T> failures;
    private final boolean skips;
    private final Succession<PipeSource> succession;
    private volatile PipeSource pipe;
    private volatile boolean closed;
    /** Completes when no successor is on its way. */
    private volatile CompletableFuture<Void> pending = CompletableFuture.completedFuture(null);

    /**
     * Reads nothing before {@link #begin}.
     *
     * @param part what it is called in errors
     */
    PipeSlot(
            PipeOpener opener,
            PipeSource first,
            String part,
            FlowContext context,
            Supervision supervision,
            Codec<T> codec,
            IngressLane<T> lane,
            Failures<T> failures) {
        this.opener = opener;
        this.pipe = first;
        this.part = part;
        this.codec = codec;
        this.lane = lane;
        this.failures = failures;
        this.skips = supervision.action() == Supervision.Action.SKIP;
        this.succession = new Succession<>(context, supervision, this);
    }

    void begin() {
        lane.begin();
        read(pipe);
    }

    private void read(PipeSource from) {
        var feed = new FrameFeed<>(from.name(), from.pipe(), codec, lane, failures, failure -> ended(from, failure));
        lane.loop().execute(feed::open);
    }

    /** The pipe is ended first, because only then a child's status is known. */
    private void ended(PipeSource from, @Nullable Throwable failure) {
        if (lane.isStopped()) {
            return;
        }
        var unused = from.finishAsync(failure)
                .thenAcceptAsync(
                        complaint -> complaint.ifPresentOrElse(wrong -> broke(from, wrong, failure), lane::stop),
                        lane.loop());
    }

    private void broke(PipeSource from, String complaint, @Nullable Throwable failure) {
        if (lane.isStopped()) {
            // by us, and so is how it ended
            return;
        }
        failures.addBroken(from.name(), skips ? complaint + "; the rest of the topology goes on" : complaint);
        var reason = new IOException(from.name() + " " + complaint, failure);
        if (succession.isWanted(reason)) {
            pending = new CompletableFuture<>();
            succession.begin(reason);
        } else {
            lane.stop();
        }
    }

    @Override
    public String part() {
        return part;
    }

    @Override
    public PipeSource start() throws IOException {
        return PipeSource.open(opener);
    }

    @Override
    public void notStarted(Throwable failure) {
        failures.addBroken("a pipe", "cannot be opened again: " + failure);
    }

    /** The rest may have been closed before it came. */
    @Override
    public void discard(PipeSource late) {
        pipe = late;
        var unused = late.closeAsync();
    }

    @Override
    public void settled(@Nullable PipeSource next) {
        if (next == null) {
            lane.stop();
        } else {
            pipe = next;
            if (closed) {
                discard(next);
            } else {
                read(next);
            }
        }
        pending.complete(null);
    }

    void stop() {
        succession.giveUp();
        lane.stop();
    }

    long restarts() {
        return succession.count();
    }

    /**
     * After {@link #stop}: ends the pipe, and the one that is being opened unless that takes long; then it ends when it
     * comes.
     */
    CompletableFuture<Void> closeAsync() {
        closed = true;
        return pending.copy()
                .completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(none -> pipe.closeAsync());
    }
}
