package io.mutil.bench.service;

import java.nio.file.Path;
import org.openjdk.jmh.annotations.Param;

/**
 * Answers that are in memory already; one operation is one of them. {@code mutil} is asked by a key, {@code caffeine}, the map
 * below it, by the same key, {@code mutilRequest} by an {@code HttpRequest}, of which it makes the key.
 */
public class MemoryHitSuite extends HitSuite {
    private static final int BYTES = 1000;

    /** The contestant. */
    @Param({"mutil", "caffeine", "mutilRequest"})
    public String who = "";

    /** For JMH. */
    public MemoryHitSuite() {}

    @Override
    StoredAnswers stored(Path directory) throws Exception {
        return StoredAnswers.inMemory(who, directory, ENTRIES, BYTES);
    }
}
