package io.mutil.dataflow;

import io.mutil.server.CloseReason;
import io.mutil.server.PreparedMessage;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Sends the items of an inbox to all clients of a WebSocket server; runs on the event loop of those clients. */
final class BroadcastTask<T> extends ReceiverTask<T> implements WebSocketListener {
    private final EventExecutor loop;
    private final Batch<T> batch;
    private final Duration batchDelay;
    private final Audience audience;
    private final LongAdder discarded = new LongAdder();
    private @Nullable Future<?> timer;
    private boolean turnWaits;

    BroadcastTask(
            FlowContext context,
            EventExecutor loop,
            Edge edge,
            Stage stage,
            Batch<T> batch,
            Duration batchDelay,
            Audience audience) {
        super(context, loop, edge, stage);
        this.loop = loop;
        this.batch = batch;
        this.batchDelay = batchDelay;
        this.audience = audience;
    }

    @Override
    boolean canBeHelped() {
        return false;
    }

    @Override
    boolean canTake() {
        turnWaits = audience.isWaiting();
        return !turnWaits;
    }

    @Override
    boolean take(T item) {
        if (audience.isEmpty()) {
            discarded.increment();
            return true;
        }
        return !batch.add(item) || sendBatch();
    }

    @Override
    boolean endTurn(boolean last) {
        if (!audience.isWaiting() && batch.size() > 0) {
            if (last || batchDelay.isZero()) {
                sendBatch();
            } else if (timer == null) {
                timer = loop.schedule(this::batchIsDue, batchDelay.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        audience.flush();
        return canTake();
    }

    private void batchIsDue() {
        timer = null;
        if (!audience.isWaiting() && batch.size() > 0) {
            sendBatch();
            audience.flush();
        }
    }

    /** False if the message has to wait for a client. */
    private boolean sendBatch() {
        if (audience.isEmpty()) {
            discarded.add(batch.size());
            batch.clear();
            return true;
        }
        PreparedMessage message = batch.take();
        if (message == null) {
            return true;
        }
        try {
            return audience.offer(message);
        } finally {
            message.release();
        }
    }

    private void goOn() {
        if (audience.retry() && turnWaits) {
            turnWaits = false;
            resume();
        }
    }

    /** Lets go of what waits for a client. */
    void abort() {
        loop.execute(() -> {
            audience.giveUp();
            goOn();
        });
    }

    @Override
    void finished() {
        if (timer != null) {
            timer.cancel(false);
        }
        context().countLost(batch.size());
        batch.clear();
    }

    /** Items that came while nobody was connected, and messages that slow clients missed. */
    long discarded() {
        return discarded.sum() + audience.skipped();
    }

    @Override
    public void onOpen(WebSocket socket) {
        audience.add(socket);
    }

    @Override
    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        // An egress has nothing to hear.
    }

    @Override
    public void onWritable(WebSocket socket) {
        goOn();
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        audience.remove(socket);
        goOn();
    }
}
