package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.contents;
import static io.mutil.sqlshard.Stores.fill;
import static io.mutil.sqlshard.Stores.names;
import static io.mutil.sqlshard.Stores.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are killed at work lose nothing that their store had acknowledged. */
class CrashTest {
    private static final List<String> DURABILITIES = List.of("everyWrite", "group", "behind");
    /** More changes than a child makes before it is killed. */
    private static final int MOST = 200_000;
    /** Of a store with two or three shards, at least. */
    private static final int RESHARD_STEPS = 8;

    @Test
    void losesNoAcknowledgedWrite(@TempDir Path dir, @TempDir Path scratch) throws Exception {
        killWriters(10, dir, scratch);
    }

    @Test
    @Tag("soak")
    @Timeout(1200)
    void losesNoAcknowledgedWriteInManyRounds(@TempDir Path dir, @TempDir Path scratch) throws Exception {
        killWriters(200, dir, scratch);
    }

    /** Another one in every run, and said, so that a failure can be looked into. */
    private static Random random() {
        long seed = Long.getLong("crash.seed", System.nanoTime());
        System.out.println("CrashTest: seed " + seed + ", -Dcrash.seed=" + seed + " makes the same choices");
        return new Random(seed);
    }

    private static void killWriters(int rounds, Path dir, Path scratch) throws Exception {
        var random = random();
        for (int round = 0; round < rounds; round++) {
            String durability = DURABILITIES.get(round % DURABILITIES.size());
            int lines = 1 + random.nextInt(durability.equals("behind") ? 60 : 1200);
            int[] done = killedWriter(durability, round, lines, dir, scratch);
            assertHolds(done, round, dir);
        }
    }

    /** How many changes of each thread were acknowledged. */
    private static int[] killedWriter(String durability, int round, int lines, Path dir, Path scratch)
            throws Exception {
        var done = new int[CrashChild.THREADS];
        try (var child = ChildJvm.start(scratch, "write", dir.toString(), durability, Integer.toString(round))) {
            int count = 0;
            for (String line = child.line(); line != null; line = child.line()) {
                int space = line.indexOf(' ');
                done[Integer.parseInt(line.substring(0, space))] = Integer.parseInt(line.substring(space + 1));
                if (++count == lines) {
                    child.kill();
                }
            }
            assertThat(count).as(child.errors()).isGreaterThanOrEqualTo(lines);
        }
        return done;
    }

    private static void assertHolds(int[] done, int round, Path dir) throws Exception {
        try (var store = Stores.builder(dir).shards(3).open()) {
            assertThat(store.check().isSound()).isTrue();
            for (int thread = 0; thread < done.length; thread++) {
                var ops = new CrashOps(CrashChild.name(Integer.toString(round), thread));
                assertThat(ops.isPrefix(store, done[thread], MOST))
                        .as("round %d, thread %d, %d acknowledged", round, thread, done[thread])
                        .isTrue();
            }
        }
    }

    @Test
    void leavesTheOldOrTheNewFilesWhenResharding(@TempDir Path dir, @TempDir Path scratch) throws Exception {
        fill(dir, 2, 200);

        for (String step : List.of("copied shard 0", "on disk", "old files out")) {
            halt(step, scratch, "reshard", dir.toString(), "3");
            assertHoldsAll(dir, 2);
        }
        halt("new files in", scratch, "reshard", dir.toString(), "3");
        assertHoldsAll(dir, 3);
    }

    @Test
    void canBeReshardedAfterACrashOfThat(@TempDir Path dir, @TempDir Path scratch) throws Exception {
        fill(dir, 2, 200);
        halt("old files out", scratch, "reshard", dir.toString(), "3");

        SqlShard.reshard(dir, 4);

        assertHoldsAll(dir, 4);
    }

    private static void halt(String step, Path scratch, String... arguments) throws Exception {
        var all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = step;
        try (var child = ChildJvm.start(scratch, all)) {
            assertThat(child.exitCode()).as(child.errors()).isEqualTo(9);
        }
    }

    private static void assertHoldsAll(Path dir, int shards) throws Exception {
        try (var store = Stores.builder(dir).open()) {
            assertThat(store.shards()).isEqualTo(shards);
            assertThat(contents(store)).isEqualTo(rows(200));
            assertThat(store.check().isSound()).isTrue();
        }
        assertThat(names(dir)).containsExactly("sqlshard");
    }

    @Test
    @Tag("soak")
    @Timeout(1200)
    void leavesTheOldOrTheNewFilesWheneverItIsKilled(@TempDir Path dir, @TempDir Path scratch) throws Exception {
        var random = random();
        fill(dir, 2, 200);
        for (int round = 0; round < 100; round++) {
            killResharding(2 + round % 2, random.nextInt(RESHARD_STEPS + 1), dir, scratch);

            assertThat(contents(dir)).isEqualTo(rows(200));
            assertThat(names(dir)).containsExactly("sqlshard");
        }
    }

    /** While it does what follows that many steps; before the first one as well. */
    private static void killResharding(int shards, int steps, Path dir, Path scratch) throws Exception {
        try (var child = ChildJvm.start(scratch, "reshard", dir.toString(), Integer.toString(shards), "never")) {
            for (int i = 0; i < steps && child.line() != null; i++) {
                // it says each when that is done, and goes on
            }
            child.kill();
            child.exitCode();
        }
    }

    @Test
    void leavesNoHalfBackup(@TempDir Path dir, @TempDir Path scratch) throws Exception {
        fill(dir, 2, 200);
        Path target = dir.resolve("backup");

        for (String step : List.of("copied shard 0", "copied")) {
            halt(step, scratch, "backup", dir.toString(), target.toString());
            assertThat(Files.exists(target.resolve("sqlshard"))).isFalse();
        }
        halt("moved", scratch, "backup", dir.toString(), target.toString());

        assertThat(contents(target)).isEqualTo(rows(200));
        assertThat(contents(dir)).isEqualTo(rows(200));
        assertThat(names(target)).hasSize(3).allMatch(name -> name.matches("sqlshard|\\.sqlshard-backup-.*"));
    }
}
