package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.FrameOutbox;
import io.mutil.codec.internal.Piece;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Writes to what blocks, on a thread of its own. */
final class WritePump extends Pump implements Output {
    private final BlockingSink sink;
    private final String name;
    /** What is being written; whoever takes it from here says what has become of it. */
    private final AtomicReference<@Nullable Piece> inHand = new AtomicReference<>();

    private volatile @Nullable FrameOutbox outbox;
    private volatile boolean opened;

    WritePump(BlockingSink sink, Threads threads, String name) {
        super(threads, "write-" + name);
        this.sink = sink;
        this.name = name;
    }

    @Override
    public void start(FrameOutbox outbox) {
        this.outbox = outbox;
        startThread();
    }

    @Override
    void pump() {
        FrameOutbox from = requireNonNull(outbox, "outbox");
        try {
            sink.open();
            opened = true;
            while (!isClosing()) {
                Piece piece = from.take();
                if (piece == null) {
                    park();
                } else {
                    write(piece);
                }
            }
        } catch (IOException e) {
            broke(Failures.ofWrite(e, name), from);
        } catch (Throwable e) {
            // an Error too, or whoever waits for what was written would do so for ever
            broke(e, from);
        }
    }

    private void broke(Throwable why, FrameOutbox from) {
        failed(why);
        from.close(why);
    }

    private void write(Piece piece) throws IOException {
        inHand.set(piece);
        ByteBuf bytes = (ByteBuf) piece.message();
        try {
            sink.write(bytes);
        } finally {
            bytes.release();
        }
        if (inHand.compareAndSet(piece, null)) {
            piece.left();
        }
    }

    private void failed(Throwable why) {
        Piece piece = inHand.getAndSet(null);
        if (piece != null) {
            piece.failed(why);
        }
    }

    @Override
    public void wake() {
        unpark();
    }

    @Override
    public void broken(Throwable why) {
        var unused = closeAsync();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return close(opened);
    }

    @Override
    void closeEnd() throws IOException {
        sink.close();
    }

    @Override
    void abandon() {
        failed(new AsynchronousCloseException());
    }
}
