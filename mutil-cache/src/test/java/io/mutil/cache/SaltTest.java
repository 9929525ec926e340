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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 32, 33})
    void whatALossOfPowerLeftIsReplaced(int zeros, @TempDir Path directory) throws Exception {
        Files.write(directory.resolve(".salt"), new byte[zeros]);

        byte[] salt = Salt.of(directory);

        assertThat(salt).hasSize(32).isEqualTo(Salt.of(directory)).isNotEqualTo(new byte[32]);
        assertThat(directory.resolve(".salt")).hasBinaryContent(salt);
    }

    @Test
    void anInterruptedThreadHasThatOfTheDirectory(@TempDir Path directory) {
        byte[] salt = Salt.of(directory);

        Thread.currentThread().interrupt();
        byte[] again = Salt.of(directory);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(again).isEqualTo(salt);
    }

    @Test
    void oneThatCannotBeForcedToTheDiskIsUsedAllTheSame(@TempDir Path directory) {
        var folder = new FaultyFolder(directory);
        folder.fail(FaultyFolder.Operation.SYNC_FOLDER, n -> true);

        byte[] salt = Salt.of(directory, folder);

        assertThat(folder.failed()).isEqualTo(1);
        assertThat(Salt.of(directory)).isEqualTo(salt);
    }

    @Test
    void oneThatCannotBeLookedAtIsNotReplaced(@TempDir Path directory) throws Exception {
        Path loop = directory.resolve(".salt");
        Files.createSymbolicLink(loop, loop);

        assertThat(Salt.of(directory)).hasSize(32);

        assertThat(loop).isSymbolicLink();
    }

    @Test
    void aDirectoryThatCannotBeUsedHasOneForThisTimeOnly(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");

        assertThat(Salt.of(file)).hasSize(32).isNotEqualTo(Salt.of(file));
    }
}
