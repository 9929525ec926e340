package io.mutil.codec;

/**
 * A piece of a frame that is passed on without being gathered: one {@link FrameStart}, any number of
 * {@link FrameChunk}s, one {@link FrameEnd}.
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
