package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A body that is larger than the heap of the process that fetches and reads it. */
class SmallHeapTest {
    private static final String HEAP = "-Xmx24m";

    @Test
    void aBodyLargerThanTheHeapIsFetchedAndRead(@TempDir Path directory) throws Exception {
        try (var server = new Server()) {
            Path output = directory.resolve("output");
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            HEAP,
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SmallHeapTest.class.getName(),
                            directory.resolve("cache").toString(),
                            server.uri("/huge").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(output.toFile()))
                    .start();
            try {
                child.waitFor();
            } finally {
                child.destroyForcibly();
            }

            assertThat(Files.readString(output, UTF_8))
                    .isEqualTo("%1$d %2$x NETWORK%n%1$d %2$x DISK%n".formatted(Server.HUGE, Server.hugeChecksum()));
        }
    }

    /** Gets it twice: what it has, and where from. */
    public static void main(String[] args) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(args[1])).build();
        try (FetchCache cache = FetchCache.open(Path.of(args[0]))) {
            for (int i = 0; i < 2; i++) {
                Answer answer = cache.get(request);
                System.out.printf("%d %x %s%n", answer.length(), checksum(answer), answer.source());
            }
        }
    }

    private static long checksum(Answer answer) throws Exception {
        try (InputStream in = answer.stream();
                var checked = new CheckedInputStream(in, new CRC32())) {
            byte[] chunk = new byte[8 << 10];
            while (checked.read(chunk) >= 0) {
                // the sum is what counts
            }
            return checked.getChecksum().getValue();
        }
    }
}
