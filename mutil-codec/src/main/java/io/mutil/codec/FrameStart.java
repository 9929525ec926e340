package io.mutil.codec;

/**
 * Opens a frame that comes in pieces, in a Netty pipeline; see {@link FrameEvent}.
 *
 * @param length the bytes of its payload, zero or more
 */
public record FrameStart(long length) implements FrameEvent {
    /** @throws IllegalArgumentException if {@code length} is negative */
    public FrameStart {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative, was " + length);
        }
    }
}
