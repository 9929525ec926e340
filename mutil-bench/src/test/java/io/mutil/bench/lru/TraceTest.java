package io.mutil.bench.lru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
    @Test
    void countsHitsOfAFile(@TempDir Path directory) throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putInt(1).putInt(256).putInt(1).putInt(1);
        try (var out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("four.trace.gz")))) {
            out.write(numbers.array());
        }

        Trace trace = Trace.read(directory, "four");

        assertThat(trace.name()).isEqualTo("four");
        assertThat(trace.hitRate(Lrus.open("linkedHashMap", 2, directory))).isEqualTo(50, within(1e-9));
    }
}
