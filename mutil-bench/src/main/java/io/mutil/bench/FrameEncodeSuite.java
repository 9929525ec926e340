package io.mutil.bench;

import io.mutil.codec.FrameFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LengthFieldPrepender;
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
 * Writes payloads through an encoder with a 4-byte little-endian header.
 *
 * <p>One operation is a MiB of payload. Both encoders stand in a pipeline of their own in front of the same
 * {@link FakeSocket}, which copies what it is given as a kernel would, so that a copy that saves a buffer is neither
 * free nor charged twice. The system call itself, which costs per buffer, is not measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameEncodeSuite {
    private static final int HEADER = 4;
    private static final int BYTES_PER_OP = 1 << 20;

    /** Payload of each frame in bytes. */
    @Param({"16", "1024", "65536"})
    public int payload;

    private final FakeSocket socket = new FakeSocket();
    private final EmbeddedChannel ours = new EmbeddedChannel();
    private final EmbeddedChannel netty = new EmbeddedChannel();
    private ByteBuf message = Unpooled.EMPTY_BUFFER;
    private long written;

    /** For JMH. */
    public FrameEncodeSuite() {}

    /** Makes the pipelines and the payload. */
    @Setup
    public void open() {
        message = Unpooled.directBuffer(payload).writeZero(payload);
        ours.pipeline().addLast(socket, FrameFormat.littleEndian(HEADER).newEncoder());
        netty.pipeline().addLast(socket, new LengthFieldPrepender(ByteOrder.LITTLE_ENDIAN, HEADER, 0, false));
    }

    /** Fails if the bytes that came out are not those that went in. */
    @TearDown
    public void close() {
        message.release();
        socket.requireBytes(written * (HEADER + payload));
        socket.close();
    }

    /** Our {@code FrameEncoder}. */
    @Benchmark
    public long mutil() {
        return write(ours);
    }

    /** Netty's {@code LengthFieldPrepender}. */
    @Benchmark
    public long netty() {
        return write(netty);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the fake socket completes every write at once
    private long write(Channel channel) {
        int frames = BYTES_PER_OP / payload;
        for (int i = 0; i < frames; i++) {
            channel.write(message.retainedDuplicate());
        }
        written += frames;
        return socket.bytes();
    }
}
