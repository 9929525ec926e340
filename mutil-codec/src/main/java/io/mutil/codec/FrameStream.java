package io.mutil.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Frames that go to a peer and come from it, whatever carries them.
 *
 * <p>Safe for many threads. Frames leave in the order of the calls and never mix; each frame that arrives goes to one
 * reader, in the order in which the readers came. What waits to be sent is bounded in bytes of frames, and so is what
 * has arrived and was not read: then the peer waits.
 *
 * <p>Futures complete on any thread that uses or closes the stream, or on the one that moves its bytes, which may be an
 * event loop: what depends on a future must never block. The blocking forms throw {@link IllegalStateException} on the
 * thread that they would wait for.
 *
 * <pre>{@code
 * stream.write(request);
 * for (ByteBuffer frame = stream.read(); frame != null; frame = stream.read()) {
 *     handle(frame);
 * }
 * }</pre>
 */
public interface FrameStream extends AutoCloseable {
    /**
     * Puts a frame into the outbound queue, waiting for room if need be; not for event-loop threads.
     *
     * <p>The buffer is free again afterwards, and its position is unchanged. A payload of up to 128 KiB is copied; for a
     * longer one the call returns when it has left. Many small frames leave in one write. That a frame could not be
     * sent shows in the next call, or in {@link #drain}.
     *
     * @throws IllegalArgumentException if the payload is longer than a frame may be
     * @throws IOException if the stream broke or is closed
     * @throws InterruptedException if interrupted while waiting for room, and then nothing is sent; or while a long payload
     *     leaves, which goes on, and the buffer must not be changed
     */
    void write(ByteBuffer payload) throws IOException, InterruptedException;

    /**
     * Puts a frame into the outbound queue, if there is room.
     *
     * <p>The payload must not be changed before the future completes, and its position is unchanged.
     *
     * @return completes when the bytes have been handed to the operating system; fails with {@link QueueFullException}
     *     if there was no room, and with another {@link IOException} if the stream broke. Cancelling does not unsend.
     * @throws IllegalArgumentException if the payload is longer than a frame may be
     */
    CompletableFuture<Void> writeAsync(ByteBuffer payload);

    /**
     * Sends a frame only if nothing waits to be sent, as suits a sign of life.
     *
     * @return whether the frame was taken; false also if the stream broke or is closed
     * @throws IllegalArgumentException if the payload is longer than a frame may be
     */
    boolean tryWrite(ByteBuffer payload);

    /**
     * Begins a frame that is written piece by piece, waiting for room if need be; not for event-loop threads.
     *
     * <p>The frame takes its place in the order at the call. While it is open, up to 512 KiB of it wait besides what the
     * queue holds.
     *
     * @param length bytes of its payload
     * @throws IllegalArgumentException if a frame may not be that long
     * @throws IOException if the stream broke or is closed
     * @throws InterruptedException if interrupted while waiting; no frame has begun
     */
    OutgoingFrame open(long length) throws IOException, InterruptedException;

    /**
     * Waits for the next frame; not for event-loop threads.
     *
     * @return a buffer that is the caller's; null at the end of the stream
     * @throws TruncatedFrameException if the stream ended inside a frame
     * @throws FrameTooLargeException if the peer announced a frame beyond the limit
     * @throws IOException if the stream broke or is closed
     * @throws IllegalStateException if the next frame is being read piece by piece, also if {@link #next()} has got it while
     *     this call was waiting; the stream stays as it is
     * @throws InterruptedException if interrupted; no frame is lost
     */
    @Nullable
    ByteBuffer read() throws IOException, InterruptedException;

    /**
     * As {@link #read()}, into a buffer that can be used again and again, which spares the garbage of long frames.
     *
     * <pre>{@code
     * ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
     * while (stream.read(buffer.clear()) >= 0) {
     *     handle(buffer.flip());
     * }
     * }</pre>
     *
     * @param target gets the payload from its position on, which moves behind it; must not be used by others meanwhile
     * @return how many bytes the payload has; -1 at the end of the stream
     * @throws IOException also if the payload is longer than what remains of the target; nothing is read then
     * @throws ReadOnlyBufferException if the target cannot be written
     */
    int read(ByteBuffer target) throws IOException, InterruptedException;

    /**
     * As {@link #read()}, without waiting. A frame goes to the first reader that waits. Cancelling the future, or completing
     * it in another way as {@code orTimeout} does, gives up the place; a frame that arrives at that very moment is lost
     * with it.
     */
    CompletableFuture<@Nullable ByteBuffer> readAsync();

    /**
     * Waits for the next frame, to read it piece by piece; not for event-loop threads. Errors are those of
     * {@link #read()}.
     *
     * @return null at the end of the stream
     */
    @Nullable
    IncomingFrame next() throws IOException, InterruptedException;

    /** As {@link #next()}, without waiting; the place is given up as with {@link #readAsync()}. */
    CompletableFuture<@Nullable IncomingFrame> nextAsync();

    /** The same stream with values instead of bytes. */
    default <T> MessageStream<T> as(Codec<T> codec) {
        return new MessageStream<>(this, codec);
    }

    /** Completes when everything written so far has been handed to the operating system; fails if it never will be. */
    CompletableFuture<Void> drainAsync();

    /**
     * Blocking form of {@link #drainAsync}; not for event-loop threads.
     *
     * @throws TimeoutException if it took longer; what is queued stays queued
     * @throws IOException if the stream broke before
     */
    void drain(Duration deadline) throws IOException, InterruptedException, TimeoutException;

    /**
     * Ends the stream in both directions: what has arrived and was not read is dropped, and what is queued leaves, within the
     * deadline of the implementation, 10 s unless another was chosen. Waits for that, except on an event loop or another
     * thread of the stream, where it only begins to close. An interrupt ends the wait, not the closing. A second close
     * changes nothing.
     *
     * @throws IOException if frames that were queued never left, or the peer did not take them, and no call has told
     */
    @Override
    void close() throws IOException;
}
