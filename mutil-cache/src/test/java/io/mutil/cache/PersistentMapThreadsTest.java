package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on one map; each has keys of its own, of which it knows the value, and some that all share. */
class PersistentMapThreadsTest {
    private static final int THREADS = 8;
    private static final int STEPS = 10_000 / THREADS;

    @Test
    void eachThreadSeesItsOwnChangesAndTheDiskTheLastOfThem(@TempDir Path dir) throws Exception {
        List<Map<String, String>> models = new ArrayList<>();
        try (PersistentMap<String> map = open(dir)) {
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                var model = new HashMap<String, String>();
                models.add(model);
                int thread = i;
                threads.add(Background.run(() -> work(map, model, thread)));
            }
            for (CompletableFuture<Void> thread : threads) {
                thread.get(50, SECONDS);
            }
        }

        try (PersistentMap<String> map = open(dir)) {
            int own = 0;
            for (Map<String, String> model : models) {
                own += model.size();
                for (Map.Entry<String, String> entry : model.entrySet()) {
                    assertThat(map.get(entry.getKey())).contains(entry.getValue());
                }
            }
            long shared =
                    map.keys().stream().filter(key -> key.startsWith("shared")).count();
            assertThat(map.size()).isEqualTo(own + (int) shared);
        }
    }

    private static PersistentMap<String> open(Path dir) throws Exception {
        return PersistentMap.open(dir, text -> text.getBytes(UTF_8), bytes -> new String(bytes, UTF_8));
    }

    private static void work(PersistentMap<String> map, Map<String, String> model, int thread) throws Exception {
        var random = new Random(thread);
        for (int step = 0; step < STEPS; step++) {
            String key = "key " + thread + " " + random.nextInt(20);
            String value = thread + ":" + step;
            switch (random.nextInt(20)) {
                case 0 -> {
                    map.put(key, value);
                    model.put(key, value);
                }
                case 1 -> assertThat(map.remove(key)).isEqualTo(model.remove(key) != null);
                case 2, 3, 4, 5 -> {
                    var unused = map.putAsync(key, value);
                    model.put(key, value);
                }
                case 6 -> {
                    var unused = map.putAsync("shared " + random.nextInt(3), value);
                }
                case 7 ->
                    assertThat(map.computeIfAbsent(key, k -> value)).isEqualTo(model.computeIfAbsent(key, k -> value));
                default -> assertThat(map.get(key).orElse("none")).isEqualTo(model.getOrDefault(key, "none"));
            }
        }
    }
}
