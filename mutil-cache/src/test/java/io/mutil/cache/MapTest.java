package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.mutil.testkit.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of a {@link PersistentMap} begin with: a directory, a map in it, and an executor that runs when it is told to. */
abstract class MapTest {
    Path dir;
    FaultyFolder folder;
    PersistentMap<String> map;

    /** What the executor was given and runs when it is told to. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open(@TempDir Path dir) throws IOException {
        this.dir = dir;
        folder = new FaultyFolder(dir);
        map = builder().open();
    }

    PersistentMapBuilder<String> builder() {
        return new PersistentMapBuilder<String>(folder, text -> text.getBytes(UTF_8), bytes -> new String(bytes, UTF_8))
                .executor(tasks::add);
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    void reopen() throws IOException {
        reopen(builder());
    }

    void reopen(PersistentMapBuilder<String> builder) throws IOException {
        map.close();
        map = builder.open();
    }

    @AfterEach
    void close() throws Exception {
        folder.heal();
        Background.run(map::close).get(30, SECONDS);
    }

    List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
