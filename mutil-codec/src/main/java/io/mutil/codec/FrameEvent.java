package io.mutil.codec;

/**
 * A piece of a frame that is passed on without being gathered: one {@link FrameStart}, any number of
 * {@link FrameChunk}s, one {@link FrameEnd}.
 *
 * <p>For programs with Netty pipelines of their own that speak these frames; those with a {@link FrameStream} have
 * {@link IncomingFrame} and {@link OutgoingFrame}.
 *
 * <p>Read from {@link FrameFormat#newStreamingDecoder}, written to {@link FrameFormat#newEncoder}.
 *
 * <pre>{@code
 * channel.write(new FrameStart(8));
 * channel.write(new FrameChunk(firstFiveBytes));
 * channel.write(new FrameChunk(lastThreeBytes));
 * channel.writeAndFlush(new FrameEnd());
 * }</pre>
 */
public sealed interface FrameEvent permits FrameStart, FrameChunk, FrameEnd {}
