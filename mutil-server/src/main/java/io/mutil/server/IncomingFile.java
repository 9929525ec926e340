package io.mutil.server;

import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameParser;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One file as it comes off the stream: a single reading from its start to its end, so that no other gets in between. It
 * stops, and with it the peer, while the disk is behind.
 */
abstract class IncomingFile extends FrameInbox.Reading<Boolean> {
    final FileBytes bytes;
    private final Connection connection;
    private final CompletableFuture<Optional<FileStart>> started = new CompletableFuture<>();
    private @Nullable FileStart start;
    private volatile boolean touched;
    private volatile boolean failed;

    IncomingFile(Connection connection) {
        this.connection = connection;
        this.bytes = new FileBytes(connection.inlet().inbox()::advance);
    }

    static IncomingFile on(Connection connection, int prefixBytes) {
        return connection.typed() ? new TypedFile(connection) : new BareFile(connection, prefixBytes);
    }

    /**
     * Waits for its turn and the start of the file.
     *
     * @return completes empty at the end of the stream; cancelling it gives up the place in the order
     */
    final CompletableFuture<Optional<FileStart>> begin() {
        CompletableFuture<Boolean> whole = connection.inlet().inbox().submit(this);
        var unused = whole.whenComplete((fileCame, e) -> {
            failed = e != null && !(e instanceof CancellationException);
            bytes.end(e);
            if (e != null) {
                started.completeExceptionally(e);
            } else if (!fileCame) {
                started.complete(Optional.empty());
            }
        });
        var unusedToo = started.whenComplete((result, e) -> {
            if (started.isCancelled() && !touched) {
                whole.cancel(false);
            }
        });
        return started;
    }

    /** Whether the sender believes that this file arrives, unless it is told otherwise. */
    final boolean isPromised() {
        return touched && !failed;
    }

    @Override
    protected final boolean step(FrameParser frames) throws IOException {
        FileStart begun = start;
        if (begun == null) {
            if (!touched) {
                if (!connection.inlet().advanceToRead(frames)) {
                    return false;
                }
                Exception refusal = connection.inlet().isOver() ? null : refusal(frames);
                if (connection.inlet().isOver() || refusal != null) {
                    return refusal == null ? finish(false) : fail(refusal);
                }
            }
            begun = start(frames);
            if (begun == null) {
                return false;
            }
            start = begun;
            FileStart first = begun;
            touched = true;
            // in a task, because what depends on it must not run under the lock of the inbox
            connection.closing().later(() -> started.complete(Optional.of(first)));
        }
        if (!body(frames, begun)) {
            return false;
        }
        connection.inlet().passed();
        return finish(true);
    }

    /** Bytes of the file are being taken off the stream. */
    final void touch() {
        touched = true;
    }

    /** Why the frame whose header is there begins no file; null if it does. */
    abstract @Nullable Exception refusal(FrameParser frames) throws IOException;

    /** The start of the file; null while more has to come. */
    abstract @Nullable FileStart start(FrameParser frames) throws IOException;

    /** Takes bytes as far as there are any and there is room for them; whether that was the last. */
    abstract boolean body(FrameParser frames, FileStart begun) throws IOException;

    /** Takes bytes of one frame; whether it has none left. */
    final boolean take(FrameParser frames) throws IOException {
        while (frames.remaining() > 0) {
            int room = bytes.room();
            ByteBuf slice = room == 0 ? null : frames.slice(room);
            if (slice == null) {
                return false;
            }
            bytes.put(slice);
        }
        return true;
    }

    static IllegalStateException claimed() {
        return new IllegalStateException("a frame is being read in pieces; read IncomingFrame to its end, or close it,"
                + " before a file is received");
    }

    /** The end of a file that is complete or given up; null where frames do not tell. */
    abstract @Nullable FileEnd end();
}
