package io.mutil.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaltTest {
    @Test
    void staysThatOfTheDirectory(@TempDir Path directory) {
        Path cache = directory.resolve("a").resolve("b");

        assertThat(Salt.of(cache)).hasSize(32).isEqualTo(Salt.of(cache)).isNotEqualTo(Salt.of(directory));
    }

    @RepeatedTest(20)
    void isTheSameForAllWhoBeginAtATime(@TempDir Path directory) throws Exception {
        Set<String> salts = new ConcurrentSkipListSet<>();
        List<CompletableFuture<Void>> openers = IntStream.range(0, 4)
                .mapToObj(i -> Background.run(() -> salts.add(HexFormat.of().formatHex(Salt.of(directory)))))
                .toList();
        for (CompletableFuture<Void> opener : openers) {
            opener.get();
        }

        assertThat(salts).hasSize(1);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void oneThatIsTornIsReplaced(@TempDir Path directory) throws Exception {
        Files.write(directory.resolve(".salt"), new byte[7]);

        assertThat(Salt.of(directory)).hasSize(32).isEqualTo(Salt.of(directory));
    }

    @Test
    void aDirectoryThatCannotBeUsedHasOneForThisTimeOnly(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");

        assertThat(Salt.of(file)).hasSize(32).isNotEqualTo(Salt.of(file));
    }
}
