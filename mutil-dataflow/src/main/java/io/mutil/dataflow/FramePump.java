package io.mutil.dataflow;

import io.mutil.codec.FrameStream;
import io.netty.util.concurrent.EventExecutor;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Reads the frames of a stream one after the other, without a thread of its own; lives on one event loop. */
@SuppressWarnings("NullAway") // on JDK 17 it does not see which type arguments of compiled classes may be null
final class FramePump {
    /** What is done with the frames. */
    interface Taker {
        void take(ByteBuffer frame);

        /**
         * Nothing more comes; called once.
         *
         * @param failure why the stream broke, or null at its end
         */
        void ended(@Nullable Throwable failure);
    }

    private static final int FRAMES_PER_TURN = 256;

    private final FrameStream stream;
    private final EventExecutor loop;
    private final Taker taker;
    private boolean on;
    private boolean reading;

    FramePump(FrameStream stream, EventExecutor loop, Taker taker) {
        this.stream = stream;
        this.loop = loop;
        this.taker = taker;
    }

    /** Asks for no more frames. One that was asked for may still come. */
    void pause() {
        on = false;
    }

    void resume() {
        on = true;
        if (!reading) {
            reading = true;
            read();
        }
    }

    private void read() {
        for (int i = 0; on && i < FRAMES_PER_TURN; i++) {
            CompletableFuture<ByteBuffer> next = next();
            if (!next.isDone()) {
                var unused = next.whenCompleteAsync((frame, failure) -> arrivedLater(frame, failure), loop);
                return;
            }
            if (!arrived(next)) {
                return;
            }
        }
        if (on) {
            // Others on this loop have their turn first.
            loop.execute(this::read);
        } else {
            reading = false;
        }
    }

    private CompletableFuture<ByteBuffer> next() {
        try {
            return stream.readAsync();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean arrived(CompletableFuture<ByteBuffer> next) {
        try {
            return arrived(next.join(), null);
        } catch (CompletionException e) {
            return arrived(null, e.getCause());
        }
    }

    private void arrivedLater(@Nullable ByteBuffer frame, @Nullable Throwable failure) {
        if (arrived(frame, failure)) {
            read();
        }
    }

    /** False if that was the end. */
    private boolean arrived(@Nullable ByteBuffer frame, @Nullable Throwable failure) {
        if (frame == null) {
            taker.ended(failure);
            return false;
        }
        taker.take(frame);
        return true;
    }
}
