package io.mutil.bench;

import io.mutil.codec.JsonCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads a JSON array of 1,000 numbers from a heap buffer into a list. One operation is a number. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class JsonDecodeSuite {
    private final JsonCodec<Long> codec = JsonCodec.of(Long.class);
    private final ObjectReader reader = JsonMapper.shared().readerFor(new TypeReference<List<Long>>() {});
    private final byte[] json = Numbers.jsonArray(Numbers.BATCH);

    /** For JMH. */
    public JsonDecodeSuite() {}

    /** Our {@code JsonCodec.decodeAll}. */
    @Benchmark
    @OperationsPerInvocation(Numbers.BATCH)
    public List<Long> mutil() throws IOException {
        ByteBuf payload = Unpooled.wrappedBuffer(json);
        return checked(codec.decodeAll(payload));
    }

    /** Jackson's {@code ObjectReader} for {@code List<Long>}. */
    @Benchmark
    @OperationsPerInvocation(Numbers.BATCH)
    public List<Long> jackson() {
        List<Long> numbers = reader.readValue(json);
        return checked(numbers);
    }

    private static List<Long> checked(List<Long> numbers) {
        if (numbers.size() != Numbers.BATCH) {
            throw new IllegalStateException(numbers.size() + " numbers came out of " + Numbers.BATCH);
        }
        return numbers;
    }
}
