package io.mutil.dataflow;

import io.mutil.codec.QueueFullException;
import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A framed connection in an audience. Its outbound queue keeps the bound in bytes; the payloads are shared. */
final class ConnectionMember implements Member<ByteBuf>, FramePump.Taker {
    private final Connection connection;
    private final BroadcastTask<?, ByteBuf> task;
    private final EventExecutor loop;
    private boolean awaitsRoom;

    private ConnectionMember(Connection connection, BroadcastTask<?, ByteBuf> task, EventExecutor loop) {
        this.connection = connection;
        this.task = task;
        this.loop = loop;
    }

    /** Lets a connection get what the task sends from now on; called by any thread. */
    static void join(Connection connection, BroadcastTask<?, ByteBuf> task, EventExecutor loop) {
        var member = new ConnectionMember(connection, task, loop);
        loop.execute(() -> {
            task.add(member);
            // That the peer has closed is only noticed by reading.
            new FramePump(connection, loop, member).resume();
        });
    }

    @Override
    public void take(ByteBuffer frame) {
        // An egress has nothing to hear.
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        task.remove(this);
        var unused = connection.closeAsync();
    }

    @Override
    public boolean offer(ByteBuf payload) {
        if (payload.readableBytes() > connection.maxPayload()) {
            task.countMissed(1);
            return true;
        }
        CompletableFuture<Void> sent = connection.writeAsync(payload.nioBuffer());
        if (sent.isDone()) {
            return taken(sent);
        }
        payload.retain();
        var unused = sent.whenComplete((none, failure) -> {
            payload.release();
            if (failure != null) {
                task.countMissed(1);
            }
        });
        return true;
    }

    /** False only for want of room; a message that a closed connection cannot take is missed. */
    private boolean taken(CompletableFuture<Void> sent) {
        try {
            sent.join();
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof QueueFullException) {
                return false;
            }
            task.countMissed(1);
            return true;
        }
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void closeSlow() {
        var unused = connection.closeAsync(CloseReason.TRY_LATER, "too slow for this stream");
    }

    @Override
    public void awaitRoom() {
        if (!awaitsRoom) {
            awaitsRoom = true;
            var unused = connection
                    .drainAsync()
                    .whenCompleteAsync(
                            (none, failure) -> {
                                awaitsRoom = false;
                                task.goOn();
                            },
                            loop);
        }
    }
}
