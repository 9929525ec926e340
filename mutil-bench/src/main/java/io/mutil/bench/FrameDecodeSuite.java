package io.mutil.bench;

import io.mutil.codec.FrameFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cuts an endless stream of equal frames, 4-byte little-endian header, that arrives in reads of 64 KiB.
 *
 * <p>One operation is a MiB of the stream, headers included. Both decoders stand in a pipeline of their own in front of
 * the same consumer, which counts each frame and releases it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameDecodeSuite {
    private static final int HEADER = 4;
    private static final int READ = 64 << 10;
    private static final int READS_PER_OP = 16;
    private static final int MAX_FRAME = 16 << 20;

    /** Payload of each frame in bytes. */
    @Param({"16", "1024", "65536"})
    public int payload;

    private final FrameCount frames = new FrameCount();
    private final EmbeddedChannel ours = new EmbeddedChannel();
    private final EmbeddedChannel netty = new EmbeddedChannel();
    private ByteBuf window = Unpooled.EMPTY_BUFFER;
    private int frameBytes;
    private int offset;
    private long streamed;

    /** For JMH. */
    public FrameDecodeSuite() {}

    /** Makes the pipelines, and a buffer from which a read at any offset within the first frame can be sliced. */
    @Setup
    public void open() {
        ours.pipeline()
                .addLast(FrameFormat.littleEndian(HEADER).maxBytes(MAX_FRAME).newDecoder(), frames);
        netty.pipeline()
                .addLast(
                        new LengthFieldBasedFrameDecoder(
                                ByteOrder.LITTLE_ENDIAN, MAX_FRAME, 0, HEADER, 0, HEADER, true),
                        frames);
        frameBytes = HEADER + payload;
        int frameCount = READ / frameBytes + 2;
        window = Unpooled.directBuffer(frameCount * frameBytes);
        for (int i = 0; i < frameCount; i++) {
            window.writeIntLE(payload).writeZero(payload);
        }
    }

    /** Fails if the frames that came out are not those that went in. */
    @TearDown
    public void close() {
        var unused = ours.close();
        unused = netty.close();
        window.release();
        frames.requireCount(streamed / frameBytes, (streamed / frameBytes) * payload);
    }

    /** Our {@code FrameDecoder}. */
    @Benchmark
    public long mutil() {
        return stream(ours.pipeline());
    }

    /** Netty's {@code LengthFieldBasedFrameDecoder}. */
    @Benchmark
    public long netty() {
        return stream(netty.pipeline());
    }

    private long stream(ChannelPipeline pipeline) {
        for (int i = 0; i < READS_PER_OP; i++) {
            pipeline.fireChannelRead(window.retainedSlice(offset, READ));
            pipeline.fireChannelReadComplete();
            offset = (offset + READ) % frameBytes;
            streamed += READ;
        }
        return frames.count();
    }
}
