package io.mutil.codec;

/**
 * Closes a frame that came in pieces, in a Netty pipeline; see {@link FrameEvent}. Written, it completes once all bytes of
 * the frame have left.
 */
public record FrameEnd() implements FrameEvent {}
