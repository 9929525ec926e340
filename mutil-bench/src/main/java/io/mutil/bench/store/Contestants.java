package io.mutil.bench.store;

import static io.mutil.bench.store.StoreOptions.Mode.GET;
import static io.mutil.bench.store.StoreOptions.Mode.PUT;
import static io.mutil.bench.store.StoreOptions.Mode.SCAN;
import static io.mutil.bench.store.StoreOptions.Mode.SYNC;

import io.mutil.bench.store.MutilStore.Puts;
import io.mutil.sqlshard.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** All contestants. */
final class Contestants {
    private static final int FEW = 2;
    private static final int SOME = 8;
    private static final int MANY = 256;
    private static final int TOGETHER = 1000;
    private static final Duration DELAY = Duration.ofMillis(200);
    private static final Set<StoreOptions.Mode> READS = Set.of(GET, SCAN);
    private static final Set<StoreOptions.Mode> ALL_BUT_SYNC = Set.of(PUT, GET, SCAN);
    private static final String COMMITTED = "each put is committed when it returns, survives the process";
    private static final String THOUSAND = "1,000 rows of a thread in a commit, committed ones survive the process";
    private static final String SYNCED = "each put survives a loss of power when it has returned";

    static final List<Contestant> ALL = List.of(
            mutil("mutil", READS, FEW, "filled by putAll", Durability.group(), Puts.ALL),
            new Contestant(
                    "mutil-foreach",
                    Set.of(SCAN),
                    FEW,
                    "the same; scanned file by file",
                    (directory, shards) ->
                            new MutilStore(directory, shards, Durability.group(), Puts.ALL).scannedFileByFile()),
            mutil("mutil-group", Set.of(PUT), SOME, COMMITTED, Durability.group(), Puts.ONE),
            mutil(
                    "mutil-async",
                    Set.of(PUT),
                    FEW,
                    "the same when its future has completed",
                    Durability.group(),
                    Puts.ASYNC),
            mutil(
                    "mutil-putall",
                    Set.of(PUT),
                    FEW,
                    "1,000 rows in a call, else the same",
                    Durability.group(),
                    Puts.ALL),
            mutil(
                    "mutil-behind",
                    Set.of(PUT),
                    FEW,
                    "puts of the last 200 ms do not survive the process; a flush counts",
                    Durability.behind(DELAY),
                    Puts.BEHIND),
            new Contestant("bare-shards", ALL_BUT_SYNC, FEW, THOUSAND, BareStore::new),
            new Contestant("bare-file", ALL_BUT_SYNC, 1, THOUSAND, (directory, shards) -> new BareStore(directory, 1)),
            pairs("h2", (directory, shards) -> new MvStorePairs(directory).withCommitEvery(TOGETHER)),
            new Contestant(
                    "mapdb",
                    ALL_BUT_SYNC,
                    FEW,
                    "1,000 rows of a thread in a commit, committed ones survive a loss of power",
                    (directory, shards) -> new MapDbPairs(directory).withCommitEvery(TOGETHER)),
            pairs("xodus", (directory, shards) -> new XodusPairs(directory).withCommitEvery(TOGETHER)),
            rocks("rocksdb", ALL_BUT_SYNC, FEW, COMMITTED, false),
            mutil("mutil-every", Set.of(SYNC), MANY, SYNCED, Durability.everyWrite(), Puts.ONE),
            mutil(
                    "mutil-every-async",
                    Set.of(SYNC),
                    FEW,
                    "the same when its future has completed",
                    Durability.everyWrite(),
                    Puts.ASYNC),
            rocks("rocksdb-sync", Set.of(SYNC), MANY, SYNCED, true),
            rocks("rocksdb-sync-few", Set.of(SYNC), FEW, SYNCED, true));

    private Contestants() {}

    private static Contestant mutil(
            String name,
            Set<StoreOptions.Mode> modes,
            int writers,
            String promise,
            Durability durability,
            MutilStore.Puts puts) {
        return new Contestant(
                name,
                modes,
                writers,
                promise,
                (directory, shards) -> new MutilStore(directory, shards, durability, puts));
    }

    private static Contestant pairs(String name, Contestant.Opening opening) {
        return new Contestant(name, ALL_BUT_SYNC, FEW, THOUSAND, opening);
    }

    private static Contestant rocks(
            String name, Set<StoreOptions.Mode> modes, int writers, String promise, boolean synced) {
        return new Contestant(
                name,
                modes,
                writers,
                promise,
                (directory, shards) -> new RocksPairs(directory, synced).withCommitEvery(TOGETHER));
    }

    static List<String> names() {
        return ALL.stream().map(Contestant::name).toList();
    }
}
