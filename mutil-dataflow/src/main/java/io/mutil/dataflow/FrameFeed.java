package io.mutil.dataflow;

import io.mutil.codec.Codec;
import io.mutil.codec.FrameStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings the frames of one stream into a lane as items; lives on the loop of that lane. */
final class FrameFeed<T> implements Origin, FramePump.Taker {
    private final String from;
    private final Codec<T> codec;
    private final IngressLane<T> lane;
    private final Failures<T> failures;
    private final Consumer<@Nullable Throwable> whenEnded;
    private final FramePump pump;

    /**
     * Reads nothing before {@link #open}.
     *
     * @param from what the stream is called in the log
     * @param whenEnded told on the loop that nothing more comes, and why if the stream broke
     */
    FrameFeed(
            String from,
            FrameStream stream,
            Codec<T> codec,
            IngressLane<T> lane,
            Failures<T> failures,
            Consumer<@Nullable Throwable> whenEnded) {
        this.from = from;
        this.codec = codec;
        this.lane = lane;
        this.failures = failures;
        this.whenEnded = whenEnded;
        this.pump = new FramePump(stream, lane.loop(), this);
    }

    /** False if the lane takes nobody any more. */
    boolean open() {
        return lane.open(this, this);
    }

    @Override
    public void pause() {
        pump.pause();
    }

    @Override
    public void resume() {
        pump.resume();
    }

    @Override
    public void take(ByteBuffer frame) {
        List<T> items;
        try {
            items = codec.decodeAll(Unpooled.wrappedBuffer(frame));
        } catch (IOException | RuntimeException e) {
            failures.addMalformed(from, e);
            return;
        }
        lane.accept(this, items);
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        lane.close(this);
        whenEnded.accept(failure);
    }
}
