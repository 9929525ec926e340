package io.mutil.bench;

import io.mutil.codec.JsonCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Writes a list of 1,000 numbers as a JSON array into a direct buffer. One operation is a number. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class JsonEncodeSuite {
    private final JsonCodec<Long> codec = JsonCodec.of(Long.class);
    private final ObjectWriter writer = JsonMapper.shared().writerFor(new TypeReference<List<Long>>() {});
    private final List<Long> numbers = List.of(Numbers.boxed(Numbers.BATCH));
    private final int expectedBytes = Numbers.jsonArray(Numbers.BATCH).length;
    private final ByteBuf into = Unpooled.directBuffer(2 * expectedBytes);

    /** For JMH. */
    public JsonEncodeSuite() {}

    /** Lets the buffer go. */
    @TearDown
    public void close() {
        into.release();
    }

    /** Our {@code JsonCodec.encodeAll}. */
    @Benchmark
    @OperationsPerInvocation(Numbers.BATCH)
    public ByteBuf mutil() {
        codec.encodeAll(numbers, into.clear());
        return checked();
    }

    /** Jackson's {@code ObjectWriter} for {@code List<Long>}. */
    @Benchmark
    @OperationsPerInvocation(Numbers.BATCH)
    public ByteBuf jackson() throws IOException {
        try (OutputStream out = new ByteBufOutputStream(into.clear())) {
            writer.writeValue(out, numbers);
        }
        return checked();
    }

    private ByteBuf checked() {
        if (into.readableBytes() != expectedBytes) {
            throw new IllegalStateException(into.readableBytes() + " bytes came out instead of " + expectedBytes);
        }
        return into;
    }
}
