package io.mutil.bench.lru;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** What was asked for, in order. */
final class Trace {
    private static final String SUFFIX = ".trace.gz";

    private final String name;
    private final String[] requests;

    private Trace(String name, String[] requests) {
        this.name = name;
        this.requests = requests;
    }

    /** A file {@code <name>.trace.gz}: compressed 32-bit numbers, the lowest byte first. */
    static Trace read(Path directory, String name) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(directory.resolve(name + SUFFIX)))) {
            IntBuffer numbers = ByteBuffer.wrap(in.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer();
            return new Trace(
                    name,
                    IntStream.range(0, numbers.limit())
                            .mapToObj(i -> Integer.toString(numbers.get(i)))
                            .toArray(String[]::new));
        }
    }

    /** A made one, to see that everything runs. */
    static Trace made(int requests) {
        var zipf = new Zipf(requests, 0.9);
        var random = new SplittableRandom(requests);
        return new Trace(
                "made",
                IntStream.range(0, requests)
                        .mapToObj(i -> Integer.toString(zipf.draw(random)))
                        .toArray(String[]::new));
    }

    String name() {
        return name;
    }

    /** The share of requests for keys that are there, in percent. */
    double hitRate(Lru lru) {
        int hits = 0;
        for (String request : requests) {
            hits += lru.request(request) ? 1 : 0;
        }
        return 100.0 * hits / requests.length;
    }
}
