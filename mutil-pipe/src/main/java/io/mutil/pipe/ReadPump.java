package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.FrameInbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads what blocks, on a thread of its own. */
final class ReadPump extends Pump implements Input {
    private final BlockingSource source;
    private final ByteBufAllocator alloc;
    private volatile @Nullable FrameInbox inbox;
    private volatile boolean paused;

    ReadPump(BlockingSource source, ByteBufAllocator alloc, Threads threads, String name) {
        super(threads, "read-" + name);
        this.source = source;
        this.alloc = alloc;
    }

    @Override
    public void start(FrameInbox inbox) {
        this.inbox = inbox;
        startThread();
    }

    @Override
    void pump() {
        FrameInbox to = requireNonNull(inbox, "inbox");
        try {
            source.open();
            readAll(to);
            to.end();
        } catch (Throwable e) {
            // an Error too, or whoever reads would wait for ever
            to.fail(e);
        }
    }

    private void readAll(FrameInbox to) throws IOException {
        var size = new ReadSize();
        while (!isClosing()) {
            ByteBuf bytes = source.allocate(alloc, size.next());
            int count = -1;
            try {
                count = source.read(bytes);
            } finally {
                if (count <= 0) {
                    bytes.release();
                }
            }
            if (count < 0) {
                return;
            }
            size.read(count);
            paused = true;
            if (count > 0 && !to.add(bytes)) {
                awaitResume();
            }
        }
    }

    private void awaitResume() {
        while (paused && !isClosing()) {
            park();
        }
    }

    @Override
    public void resume() {
        paused = false;
        unpark();
    }

    @Override
    public void broken(Throwable why) {
        var unused = closeAsync();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return close(false);
    }

    @Override
    void closeEnd() throws IOException {
        source.close();
    }

    @Override
    void abandon() {}
}
