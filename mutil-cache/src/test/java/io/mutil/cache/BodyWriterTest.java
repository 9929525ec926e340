package io.mutil.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyWriterTest {
    private static final int BUDGET = 200_000;

    private final HeapBudget budget = new HeapBudget(BUDGET);
    private final BodyWriter writer = new BodyWriter(
            FetchCache.builder(Path.of("none")).memoryEntry(1000).settings(),
            Freshness.ttl(Duration.ofMinutes(5)),
            new FakeDisk(),
            new EntryName("name", null),
            true,
            budget);

    @ParameterizedTest
    @ValueSource(ints = {1, 900, 2000, 150_000})
    void whatIsGivenUpIsNotHeldAnyMore(int length) throws IOException {
        writer.write(ByteBuffer.allocate(1));
        writer.write(ByteBuffer.allocate(length));

        writer.abort();

        assertThat(writer.inHeap().length()).isZero();
        assertThat(budget.take(BUDGET)).isTrue();
    }

    @Test
    void whatWasGivenOutStaysWhenTheRestIsLetGo() throws IOException {
        writer.write(ByteBuffer.allocate(900));
        writer.write(ByteBuffer.allocate(150_000));
        Body body = writer.inHeap();

        writer.abort();

        assertThat(body.length()).isEqualTo(150_900);
        assertThat(body.open()).hasBinaryContent(new byte[150_900]);
    }
}
