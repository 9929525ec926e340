package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.cache.FaultyFolder.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersistentMapTest extends MapTest {
    @Test
    void aValueIsReadFromMemory() throws IOException {
        map.put("key", "value");
        folder.heal();

        assertThat(map.get("key")).contains("value");
        assertThat(map.get("other")).isEmpty();

        assertThat(folder.count(Operation.OPEN_TO_READ)).isZero();
        assertThat(map.stats().hits()).isEqualTo(1);
        assertThat(map.stats().misses()).isEqualTo(1);
    }

    @Test
    void aValueIsThereInTheNextLife() throws IOException {
        map.put("key", "value");
        map.put("other", "gone");
        map.remove("other");

        reopen();

        assertThat(map.keys()).containsExactly("key");
        assertThat(map.size()).isEqualTo(1);
        assertThat(map.get("key")).contains("value");
        assertThat(map.get("other")).isEmpty();
    }

    @Test
    void aValueIsReadFromItsFileOnceWhenItIsAskedFor() throws IOException {
        map.put("key", "value");
        map.put("other", "value");
        reopen();
        folder.heal();

        map.get("key");
        map.get("key");

        assertThat(folder.count(Operation.OPEN_TO_READ)).isEqualTo(1);
        assertThat(map.stats().loads()).isEqualTo(1);
        assertThat(map.stats().hits()).isEqualTo(1);
    }

    @Test
    void anyKeyIsAKey() throws IOException {
        List<String> keys = List.of(
                "",
                " ",
                ".",
                "..",
                "a/b",
                "a\\b",
                "con",
                "A",
                "a",
                "ä",
                "%41",
                "%",
                "日本",
                "\0",
                "x".repeat(199),
                "y".repeat(64 << 10),
                "z".repeat(198),
                "\uD800",
                "\uD801",
                "\uD83D\uDE00",
                "a\uDC00",
                "locks",
                "k-",
                "h-");
        for (String key : keys) {
            map.put(key, "value of " + key.length() + key.hashCode());
        }

        reopen();

        assertThat(map.keys()).containsExactlyInAnyOrderElementsOf(keys);
        for (String key : keys) {
            assertThat(map.get(key)).contains("value of " + key.length() + key.hashCode());
        }
        // for file systems that do not tell A from a
        assertThat(files().stream()
                        .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                        .distinct())
                .hasSize(keys.size() + 1);
        assertThat(files()).allMatch(name -> name.matches("[a-z0-9_%-]+"));
    }

    @Test
    void aKeyThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> map.put("é".repeat((32 << 10) + 1), "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key must not exceed 65536 bytes, was 65538");

        assertThat(map.size()).isZero();
    }

    @Test
    void removingSaysWhetherThereWasSomething() throws IOException {
        map.put("key", "value");

        assertThat(map.remove("key")).isTrue();
        assertThat(map.remove("key")).isFalse();

        assertThat(files()).containsExactly("locks");
    }

    @Test
    void anotherMapOfTheSameDirectoryIsRefused() throws IOException {
        assertThatThrownBy(() -> PersistentMap.open(dir))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is in use");

        map.put("key", "value");
        map.close();
        try (PersistentMap<byte[]> other = PersistentMap.open(dir)) {
            assertThat(other.get("key").map(bytes -> new String(bytes, UTF_8))).contains("value");
        }
        map = builder().open();
    }

    @Test
    void aDamagedValueIsNotThere() throws IOException {
        map.put("key", "value");
        map.put("cut", "value");
        map.close();
        byte[] bytes = Files.readAllBytes(dir.resolve("k-key"));
        bytes[Slot.HEADER] ^= 1;
        Files.write(dir.resolve("k-key"), bytes);
        Files.write(dir.resolve("k-cut"), new byte[] {(byte) 0x89, 'm', 'u', 't', 'l', '\r', 1, 1});

        map = builder().open();

        assertThat(map.keys()).containsExactly("key");
        assertThat(map.get("key")).isEmpty();
        assertThat(map.size()).isZero();
        assertThat(files()).containsExactly("locks");
        assertThat(map.stats().damaged()).isEqualTo(2);
    }

    @Test
    void foreignFilesStay() throws IOException {
        Files.writeString(dir.resolve("k-mine"), "somebody else's");
        Files.writeString(dir.resolve("notes.txt"), "somebody else's");
        Files.createDirectory(dir.resolve("k-folder"));

        reopen();

        assertThat(map.keys()).isEmpty();
        assertThatThrownBy(() -> map.put("mine", "value")).cause().hasMessageContaining("none of this map");
        assertThat(map.remove("mine")).isTrue();
        map.flush();
        assertThat(dir.resolve("k-mine")).hasContent("somebody else's");
        assertThat(dir.resolve("notes.txt")).hasContent("somebody else's");
    }

    @Test
    void whatCannotBeDecodedStays() throws IOException {
        map.put("key", "value");
        map.close();
        PersistentMap<Integer> numbers =
                PersistentMap.open(dir, number -> new byte[0], bytes -> Integer.parseInt(new String(bytes, UTF_8)));
        try (numbers) {
            assertThatThrownBy(() -> numbers.get("key"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot be decoded");
        }

        map = builder().open();

        assertThat(map.get("key")).contains("value");
    }

    @Test
    void theLeastRecentlyUsedGoesForNewOnes() throws IOException {
        reopen(builder().maxEntries(3));
        for (String key : List.of("a", "b", "c")) {
            map.put(key, key);
        }
        map.get("a");

        map.put("d", "d");
        runTasks();

        assertThat(map.keys()).containsExactlyInAnyOrder("a", "c", "d");
        assertThat(files()).containsExactly("k-a", "k-c", "k-d", "locks");
        assertThat(map.stats().evicted()).isEqualTo(1);
    }

    @Test
    void theOrderOfUseOutlivesTheProcess() throws IOException {
        reopen(builder().maxEntries(3));
        for (String key : List.of("a", "b", "c")) {
            map.put(key, key);
        }
        map.get("a");

        reopen(builder().maxEntries(2));

        assertThat(map.keys()).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void bytesAreBoundedToo() throws IOException {
        reopen(builder().maxBytes(1000));
        for (int i = 0; i < 20; i++) {
            map.put("key" + i, "x".repeat(100));
            runTasks();
            assertThat(map.stats().bytes()).isLessThanOrEqualTo(1000);
        }

        assertThat(map.size()).isEqualTo(1000 / (128 + 6 + 100));
        assertThatThrownBy(() -> map.put("large", "x".repeat(1000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxBytes 1000, was 1134");
    }

    @Test
    void aClosedMapRefuses() throws IOException {
        map.close();

        assertThatThrownBy(() -> map.get("key")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.put("key", "value")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.putAsync("key", "value")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.remove("key")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.lock("key")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void argumentsAreChecked() {
        assertThatThrownBy(() -> builder().maxEntries(0)).hasMessage("maxEntries must be positive, was 0");
        assertThatThrownBy(() -> builder().maxBytes(-1)).hasMessage("maxBytes must be positive, was -1");
        assertThatThrownBy(() -> builder().maxWaiting(0)).hasMessage("maxWaiting must be positive, was 0");
    }
}
