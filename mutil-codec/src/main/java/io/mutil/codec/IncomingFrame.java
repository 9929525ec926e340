package io.mutil.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A frame that is read piece by piece, so that it may be larger than memory.
 *
 * <p>Given by {@link FrameStream#next()}. A frame of up to 1 MiB is one piece, a longer one comes in pieces of at most
 * 1 MiB, as they arrive. While nothing is read, the sender waits. The frames behind this one can be read when this one
 * has been read to its end, or closed. For one thread at a time.
 *
 * <pre>{@code
 * IncomingFrame frame = stream.next();
 * if (frame != null) {
 *     try (frame) {
 *         for (ByteBuffer piece = frame.read(); piece != null; piece = frame.read()) {
 *             digest.update(piece);
 *         }
 *     }
 * }
 * }</pre>
 */
public interface IncomingFrame extends AutoCloseable {
    /** The length of the payload in bytes. */
    long length();

    /** How many of the bytes have not been read yet. */
    long remaining();

    /**
     * Waits for the next piece; not for event-loop threads.
     *
     * @return a buffer that is the caller's; null at the end of the frame. An empty frame has no piece.
     * @throws TruncatedFrameException if the stream ended inside the frame
     * @throws IOException if the stream broke
     * @throws InterruptedException if interrupted; nothing was read
     */
    @Nullable
    ByteBuffer read() throws IOException, InterruptedException;

    /**
     * As {@link #read()}, without waiting. Cancelling the future, or completing it in another way as {@code orTimeout} does,
     * gives up the place; a piece that arrives at that very moment is lost, though {@link #remaining()} counts it as read.
     */
    CompletableFuture<@Nullable ByteBuffer> readAsync();

    /** Skips what has not been read. Does not wait for it: whatever is read from the stream next comes after it. */
    @Override
    void close();
}
