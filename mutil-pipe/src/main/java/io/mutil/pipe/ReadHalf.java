package io.mutil.pipe;

import io.mutil.codec.IncomingFrame;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameReading;
import io.mutil.codec.internal.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The direction of a pipe that frames come from. */
final class ReadHalf {
    private final String name;
    private final Input input;
    private final FrameInbox inbox;

    ReadHalf(String name, Input input, Settings settings) {
        this.name = name;
        this.input = input;
        this.inbox = new FrameInbox(Framing.bare(settings.format()), settings.inboundBufferBytes(), input);
    }

    void start() {
        input.start(inbox);
    }

    @Nullable
    ByteBuffer read() throws IOException, InterruptedException {
        inbox.refuseOwnThread("read", "readAsync");
        return inbox.await(FrameReading.whole());
    }

    int read(ByteBuffer target) throws IOException, InterruptedException {
        inbox.refuseOwnThread("read", "readAsync");
        return FrameReading.await(inbox, FrameReading.whole(target), target);
    }

    @SuppressWarnings("NullAway") // a compiler of 17 does not see the annotation inside a type of another module
    CompletableFuture<@Nullable ByteBuffer> readAsync() {
        return inbox.submit(FrameReading.whole());
    }

    @Nullable
    IncomingFrame next() throws IOException, InterruptedException {
        inbox.refuseOwnThread("next", "nextAsync");
        return inbox.await(FrameReading.inPieces(inbox));
    }

    @SuppressWarnings("NullAway") // as above
    CompletableFuture<@Nullable IncomingFrame> nextAsync() {
        return inbox.submit(FrameReading.inPieces(inbox));
    }

    boolean isOwnThread() {
        return input.isOwnThread();
    }

    long frames() {
        return inbox.frames();
    }

    long bytes() {
        return inbox.bytes();
    }

    long bufferedBytes() {
        return inbox.bufferedBytes();
    }

    /** Fails readers from now on, and lets the peer go on writing for nobody. */
    void discard() {
        inbox.close(new IOException(name + " is closed for reading"));
    }

    CompletableFuture<Void> closeAsync() {
        discard();
        return input.closeAsync();
    }

    @Override
    public String toString() {
        return name;
    }
}
