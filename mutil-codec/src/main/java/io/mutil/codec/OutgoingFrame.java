package io.mutil.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A frame that is written piece by piece, so that it may be larger than memory.
 *
 * <p>Given by {@link FrameStream#open}. What is written to the stream meanwhile, also by other threads, leaves after
 * this frame. For one thread at a time.
 *
 * <pre>{@code
 * try (OutgoingFrame frame = stream.open((long) header.remaining() + body.remaining())) {
 *     frame.write(header);
 *     frame.write(body);
 * }
 * }</pre>
 */
public interface OutgoingFrame extends WritableByteChannel {
    /** How many bytes the frame still lacks. */
    long remaining();

    /**
     * Writes all of the bytes, waiting while the stream takes no more; not for event-loop threads. The buffer is free
     * again afterwards. An interrupt ends the stream, as {@link #close()} does too early, with
     * {@link java.nio.channels.ClosedByInterruptException}.
     *
     * @return the number of bytes that were in the buffer
     * @throws IllegalArgumentException if the frame lacks fewer bytes; nothing was written
     * @throws IOException if the stream broke or was closed
     */
    @Override
    int write(ByteBuffer bytes) throws IOException;

    /**
     * Ends the frame. If it still lacks bytes the peer could take others for them, so the stream is closed.
     *
     * @throws IOException if the frame lacked bytes, or if some of them were lost because the stream broke
     */
    @Override
    void close() throws IOException;
}
