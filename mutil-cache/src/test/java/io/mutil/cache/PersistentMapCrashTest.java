package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that puts values, and looks at what it left. */
class PersistentMapCrashTest {
    @RepeatedTest(5)
    void whatWasAcknowledgedIsThereOrSomethingNewer(@TempDir Path dir) throws Exception {
        killWhileItPuts(dir, new Random().nextLong());
    }

    @RepeatedTest(50)
    @Tag("soak")
    void whatWasAcknowledgedIsThereOrSomethingNewerEachTime(@TempDir Path dir) throws Exception {
        killWhileItPuts(dir, new Random().nextLong());
    }

    private static void killWhileItPuts(Path dir, long seed) throws Exception {
        Map<String, Integer> acknowledged = putAndKill(dir, new Random(seed));

        try (PersistentMap<byte[]> map = PersistentMap.open(dir)) {
            for (String key : map.keys()) {
                byte[] value = map.get(key).orElseThrow();
                assertThat(MapChild.version(key, value))
                        .as("%s, seed %d", key, seed)
                        .isGreaterThanOrEqualTo(acknowledged.getOrDefault(key, 1));
            }
            assertThat(map.keys()).as("seed %d", seed).containsAll(acknowledged.keySet());
            assertThat(map.stats().damaged()).isZero();
        }
    }

    private static Map<String, Integer> putAndKill(Path dir, Random random) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MapChild.class.getName(),
                        dir.toString(),
                        Long.toString(random.nextLong()))
                .redirectError(Redirect.INHERIT)
                .start();
        var acknowledged = new HashMap<String, Integer>();
        try (var output = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            for (int left = 1 + random.nextInt(60); left > 0; left--) {
                note(requireNonNull(output.readLine(), "the child has ended"), acknowledged);
            }
            child.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line, acknowledged);
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return acknowledged;
    }

    /** A line that was cut off says a lower version, which is true as well. */
    private static void note(String line, Map<String, Integer> acknowledged) {
        if (line.matches("key\\d \\d+")) {
            String[] parts = line.split(" ", -1);
            acknowledged.merge(parts[0], Integer.valueOf(parts[1]), Math::max);
        }
    }
}
