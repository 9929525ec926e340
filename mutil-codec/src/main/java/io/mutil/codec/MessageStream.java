package io.mutil.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FrameStream} of values: one value a frame, through a codec.
 *
 * <p>Made by {@link FrameStream#as}. Safe for many threads. Bytes that are encoded already are written to the stream
 * itself. A frame that holds no such value costs that frame and nothing else.
 *
 * <pre>{@code
 * MessageStream<Trade> trades = stream.as(JsonCodec.of(Trade.class));
 * trades.write(new Trade("IBM", 101.25));
 * Trade reply = trades.read();
 * }</pre>
 *
 * @param <T> the values
 */
public final class MessageStream<T> {
    private final FrameStream frames;
    private final Codec<T> codec;

    MessageStream(FrameStream frames, Codec<T> codec) {
        this.frames = frames;
        this.codec = requireNonNull(codec, "codec");
    }

    /**
     * Writes one value; otherwise as {@link FrameStream#write}.
     *
     * @throws IllegalArgumentException if the value cannot be expressed, or not in one frame
     */
    public void write(T value) throws IOException, InterruptedException {
        // after an interrupt a long payload may still be on its way, so its bytes must not go back to a pool
        ByteBuf payload = Unpooled.buffer();
        try {
            codec.encode(value, payload);
            frames.write(payload.nioBuffer());
        } finally {
            payload.release();
        }
    }

    /**
     * Writes one value; otherwise as {@link FrameStream#writeAsync}.
     *
     * @throws IllegalArgumentException if the value cannot be expressed, or not in one frame
     */
    public CompletableFuture<Void> writeAsync(T value) {
        ByteBuf payload = codec.encode(ByteBufAllocator.DEFAULT, value);
        CompletableFuture<Void> sent;
        try {
            sent = frames.writeAsync(payload.nioBuffer());
        } catch (Throwable e) {
            payload.release();
            throw e;
        }
        return sent.whenComplete((v, e) -> payload.release());
    }

    /**
     * Waits for the next value; otherwise as {@link FrameStream#read}.
     *
     * @return null at the end of the stream; a value that is null by itself cannot be told from it
     * @throws MalformedPayloadException if the frame holds anything else
     */
    public @Nullable T read() throws IOException, InterruptedException {
        ByteBuffer frame = frames.read();
        return frame == null ? null : decode(frame);
    }

    /** As {@link #read()}, without waiting; the place is given up as with {@link FrameStream#readAsync}. */
    public CompletableFuture<@Nullable T> readAsync() {
        CompletableFuture<@Nullable ByteBuffer> reading = frames.readAsync();
        CompletableFuture<@Nullable T> value = reading.<@Nullable T>thenApply(frame -> {
            try {
                return frame == null ? null : decode(frame);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        if (!value.isDone()) {
            var unused = value.whenComplete((v, e) -> reading.cancel(false));
        }
        return value;
    }

    private T decode(ByteBuffer frame) throws IOException {
        return codec.decode(Unpooled.wrappedBuffer(frame));
    }

    @Override
    public String toString() {
        return "MessageStream[" + frames + "]";
    }
}
