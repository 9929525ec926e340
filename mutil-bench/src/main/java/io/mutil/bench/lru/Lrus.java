package io.mutil.bench.lru;

import io.mutil.s4lru.S4Lru;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The contestants by name. */
final class Lrus {
    /** Ours in memory, and with its state in a file. */
    static final String MEMORY = "mutil";

    static final String FILE = "mutilFile";
    static final List<String> NAMES = List.of(MEMORY, FILE, "caffeine", "guava", "cache2k", "linkedHashMap");

    private Lrus() {}

    /** @param directory for the state of those that have one */
    static Lru open(String who, int capacity, Path directory) throws IOException {
        return switch (who) {
            case MEMORY -> new MutilLru(S4Lru.builder(capacity));
            case FILE -> new MutilLru(S4Lru.builder(capacity).persistTo(directory.resolve("lru.sqlite")));
            case "caffeine" -> CaffeineLru.inBackground(capacity);
            case "guava" -> new GuavaLru(capacity);
            case "cache2k" -> new Cache2kLru(capacity);
            case "linkedHashMap" -> new LockedLru(capacity);
            default -> throw new IllegalArgumentException("no contestant " + who);
        };
    }

    /** For as many keys as should all stay. Those that divide their capacity among parts get more of it. */
    static Lru openFor(String who, int keys, Path directory) throws IOException {
        boolean divides = who.equals("guava") || who.equals("cache2k");
        return open(who, divides ? Math.multiplyExact(2, keys) : keys, directory);
    }

    /** Fails if a key is not there. */
    static void requireAll(String who, Lru lru, String[] keys) {
        for (String key : keys) {
            if (!lru.touch(key)) {
                throw new IllegalStateException(who + " does not have " + key + " any more; its speed means nothing");
            }
        }
    }
}
