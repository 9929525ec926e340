package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.FrameTooLargeException;
import io.mutil.codec.TruncatedFrameException;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameOutbox;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ends.
 *
 * <p>Whoever closes sends what is queued, a close frame if frames have kinds, ends his half, and waits for the peer's end;
 * the other side closes when it has read that far. So nothing that was sent is lost, unless the peer does not take it
 * within the deadline: then the connection is cut off. If the peer just ends its half, what is queued for it is still
 * sent, as long as somebody reads what it sent before, and no longer than the deadline.
 *
 * <p>The first reason stays. Everything else runs on the event loop.
 */
final class Closing implements Inlet.Listener {
    private final Channel channel;
    private final Tail tail;
    private final Duration timeout;
    private final AtomicReference<@Nullable CloseReason> reason = new AtomicReference<>();
    // becomes the reason unless the peer's own is found in what has arrived
    private final AtomicReference<@Nullable CloseReason> failed = new AtomicReference<>();
    // completes first, so that whoever waits for closed finds the books of the server in order
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    private final CompletableFuture<Void> delivered = new CompletableFuture<>();

    private FrameInbox inbox;
    private FrameOutbox outbox;
    private Inlet inlet;
    private Function<CloseReason, @Nullable ByteBuf> farewell;

    // confined to the event loop
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean channelClosed;
    private boolean ours;
    private boolean expired;
    private int farewellBytes;
    private @Nullable Future<?> deadline;

    @SuppressWarnings("NullAway.Init") // join follows at once
    Closing(Channel channel, Tail tail, Duration timeout) {
        this.channel = channel;
        this.tail = tail;
        this.timeout = timeout;
    }

    /**
     * Names what is closed. Before anything else.
     *
     * @param farewell makes the close frame, which leaves behind everything else; null if there is none
     */
    void join(FrameInbox inbox, FrameOutbox outbox, Inlet inlet, Function<CloseReason, @Nullable ByteBuf> farewell) {
        this.inbox = inbox;
        this.outbox = outbox;
        this.inlet = inlet;
        this.farewell = farewell;
    }

    boolean isOpen() {
        return reason.get() == null;
    }

    @Nullable
    CloseReason reason() {
        return reason.get();
    }

    CompletableFuture<CloseReason> closed() {
        return closed;
    }

    /**
     * Completes after {@link #closed}; fails if this side began to close and frames that it had queued were lost, unless
     * that was before and a call has told of it.
     */
    CompletableFuture<Void> delivered() {
        return delivered;
    }

    /** Runs the action when the connection has ended, before {@link #closed} completes. */
    void whenEnded(Runnable action) {
        var unused = ended.thenRun(action);
    }

    /** What readers and writers are told from now on. */
    IOException failure() {
        CloseReason why = isOpen() ? failed.get() : reason.get();
        return new IOException("connection to " + channel.remoteAddress()
                + (why == null ? " was ended by the peer" : " is closed: " + why) + "; open a new one");
    }

    /** Closes from this side; false if the connection is closing already. On any thread. */
    boolean start(CloseReason toSend) {
        boolean first = reason.compareAndSet(null, toSend);
        inbox.close(failure());
        if (!first) {
            return false;
        }
        runInLoop(() -> {
            if (channelClosed) {
                complete();
                return;
            }
            setDeadline();
            // the peer's end has to be seen
            channel.config().setAutoRead(true);
            boolean broken = outbox.lostBytes() > 0;
            ByteBuf last = farewell.apply(toSend);
            farewellBytes = last == null || broken ? 0 : last.readableBytes();
            CompletableFuture<Void> sent = outbox.finish(failure(), last);
            ours = !broken || sent.isCompletedExceptionally();
            endOutputAfter(sent);
        });
        return true;
    }

    private void endOutputAfter(CompletableFuture<Void> sent) {
        var unused = sent.whenComplete((v, e) -> runInLoop(() -> {
            if (e == null) {
                endOutput();
            } else {
                close();
            }
        }));
    }

    private void endOutput() {
        CloseReason why = reason.get();
        outbox.close(failure());
        tail.end(why == null ? new CloseReason(CloseReason.NO_CODE, "") : why).addListener(f -> {
            outputEnded = true;
            if (inputEnded) {
                close();
            }
        });
    }

    @Override
    public void peerClosed(CloseReason why) {
        reason.compareAndSet(null, why);
        runInLoop(() -> {
            inputEnded = true;
            if (channelClosed) {
                complete();
            } else {
                setDeadline();
                endOutput();
            }
        });
    }

    @Override
    public void ended() {
        CloseReason below = tail.received();
        conclude(below == null ? new CloseReason(CloseReason.NO_CODE, "") : below);
    }

    /** The peer has ended its half and has been read to the end: sends what is queued and closes. */
    private void conclude(CloseReason why) {
        if (reason.compareAndSet(null, why)) {
            runInLoop(() -> {
                inputEnded = true;
                if (channelClosed) {
                    complete();
                } else {
                    setDeadline();
                    endOutputAfter(outbox.finish(failure(), null));
                }
            });
        }
    }

    /** The peer has ended its half; what it sent before may not have been read. */
    void inputEnded() {
        inputEnded = true;
        if (outputEnded) {
            close();
        } else if (isOpen()) {
            setDeadline();
            // without kinds the peer may only have said all it had to say, and who has read that may still answer
            if (inlet.isTyped()) {
                inlet.settleFromNowOn();
            } else {
                inlet.settleUnlessRead();
            }
        }
    }

    /** What has arrived makes no sense. On any thread. */
    void inputBroken(Throwable why) {
        if (why instanceof FrameTooLargeException tooLarge) {
            start(CloseReason.toSend(CloseReason.TOO_BIG, "frame exceeds the limit of " + tooLarge.max() + " bytes"));
        } else if (failed.get() != null) {
            conclude(requireNonNull(failed.get()));
        } else if (why instanceof TruncatedFrameException) {
            conclude(new CloseReason(CloseReason.ABNORMAL, "connection ended inside a frame"));
        } else if (why instanceof EndWithoutCloseException) {
            conclude(new CloseReason(CloseReason.ABNORMAL, "connection ended without a close frame"));
        } else {
            start(CloseReason.toSend(CloseReason.PROTOCOL_ERROR, "frame breaks the protocol"));
        }
    }

    /**
     * The connection broke. What has arrived before can still be read, and the peer's close may be among it, as when the
     * channel just closes. On any thread.
     */
    void broken(CloseReason why) {
        failed.compareAndSet(null, why);
        inbox.fail(failure());
        inlet.settle();
        Tls.cutOff(channel);
    }

    /** Ends the connection at once, because this side has decided so. On any thread. */
    boolean drop(CloseReason why) {
        boolean first = reason.compareAndSet(null, why);
        if (first) {
            inbox.fail(failure());
        }
        Tls.cutOff(channel);
        return first;
    }

    /** The channel is closed. If the peer did that, its reason may still have to be read. */
    void channelClosed() {
        channelClosed = true;
        outbox.close(failure());
        inbox.end();
        inbox.detach();
        if (isOpen()) {
            inlet.settle();
        }
        if (isOpen()) {
            setDeadline();
        } else {
            complete();
        }
    }

    private void complete() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        ended.complete(null);
        closed.complete(requireNonNull(reason.get()));
        long lost = ours ? outbox.lostBytes() - farewellBytes : 0;
        if (lost > 0) {
            delivered.completeExceptionally(new IOException("connection to " + channel.remoteAddress()
                    + " was cut off with " + lost + " bytes queued, which the peer did not take"
                    + (expired ? " within the drainTimeout of " + timeout : "")));
        } else {
            delivered.complete(null);
        }
    }

    private void setDeadline() {
        if (deadline == null) {
            deadline = channel.eventLoop().schedule(this::expire, timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        CloseReason why = failed.get();
        reason.compareAndSet(null, why == null ? new CloseReason(CloseReason.ABNORMAL, "connection dropped") : why);
        if (channelClosed) {
            complete();
        } else {
            expired = true;
            Tls.cutOff(channel);
        }
    }

    private void close() {
        var unused = channel.close();
    }

    @Override
    public void later(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // the loops have ended, but what has arrived can still be read, and somebody waits for this
            GlobalEventExecutor.INSTANCE.execute(task);
        }
    }

    private void runInLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // the loops have ended, and the channel with them
            close();
        }
    }
}
