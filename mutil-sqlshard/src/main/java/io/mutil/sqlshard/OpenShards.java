package io.mutil.sqlshard;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The shards of a store that can be used, and why the others cannot. */
final class OpenShards {
    private static final Logger LOG = System.getLogger(OpenShards.class.getName());

    private final int count;
    private final List<Shard> sound;
    private final Map<Integer, ShardFileException> damaged;
    private final boolean skipsDamaged;

    private OpenShards(int count, List<Shard> sound, Map<Integer, ShardFileException> damaged, boolean skipsDamaged) {
        this.count = count;
        this.sound = List.copyOf(sound);
        this.damaged = damaged;
        this.skipsDamaged = skipsDamaged;
    }

    /** Opens all that can be used, or none. */
    static OpenShards open(StoreDirectory directory, CheckedStore store, Shard.Settings settings, boolean skipsDamaged)
            throws IOException {
        List<Shard> opened = new ArrayList<>();
        try {
            for (int i : soundOf(store)) {
                opened.add(Shard.open(i, directory.file(i), settings));
            }
        } catch (Throwable e) {
            closeAfter(e, opened);
            throw e;
        }
        store.damaged().forEach((shard, damage) -> warn(damage));
        return new OpenShards(store.shape().shards(), opened, store.damaged(), skipsDamaged);
    }

    private static int[] soundOf(CheckedStore store) {
        return IntStream.range(0, store.shape().shards())
                .filter(i -> !store.damaged().containsKey(i))
                .toArray();
    }

    private static void closeAfter(Throwable failure, List<Shard> shards) {
        try {
            Shards.close(shards);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void warn(ShardFileException damage) {
        LOG.log(Level.WARNING, "a store was opened without one of its shards: {0}", damage.getMessage());
    }

    /**
     * One shard.
     *
     * @throws ShardFileException if it is damaged
     */
    Shard get(int index) throws ShardFileException {
        if (damaged.isEmpty()) {
            return sound.get(index);
        }
        ShardFileException damage = damaged.get(index);
        if (damage != null) {
            throw damage.again();
        }
        return sound.stream()
                .filter(shard -> shard.index() == index)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Those that a question to the whole store goes to.
     *
     * @throws ShardFileException if one is damaged, and those are not to be left out
     */
    List<Shard> asked() throws ShardFileException {
        return skipsDamaged ? sound : whole();
    }

    /**
     * All shards.
     *
     * @throws ShardFileException if one is damaged
     */
    List<Shard> whole() throws ShardFileException {
        for (ShardFileException damage : damaged.values()) {
            throw damage.again();
        }
        return sound;
    }

    /** Those that can be used. */
    List<Shard> sound() {
        return sound;
    }

    Map<Integer, ShardFileException> damaged() {
        return damaged;
    }

    /** Completes what was found in the sound ones. */
    StoreReport report(List<ShardReport> found, StoreDirectory directory) {
        var all = new ShardReport[count];
        damaged.forEach((i, damage) ->
                all[i] = new ShardReport(i, directory.file(i), 0, List.of(String.valueOf(damage.getMessage()))));
        found.forEach(report -> all[report.shard()] = report);
        return new StoreReport(List.of(all));
    }

    StoreStats stats() {
        var all = new ShardStats[count];
        damaged.keySet().forEach(i -> all[i] = ShardStats.damaged(i));
        sound.forEach(shard -> all[shard.index()] = shard.stats());
        return new StoreStats(List.of(all));
    }
}
