package io.mutil.pipe;

import io.mutil.codec.FrameFormat;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was chosen for a pipe.
 *
 * @param loops null for those that all pipes share
 */
record Settings(
        FrameFormat format,
        long outboundQueueBytes,
        int inboundBufferBytes,
        Duration drainTimeout,
        ByteBufAllocator allocator,
        Threads threads,
        @Nullable EventLoopGroup loops) {}
