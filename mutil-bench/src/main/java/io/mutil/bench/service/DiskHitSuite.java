package io.mutil.bench.service;

import java.nio.file.Path;
import org.openjdk.jmh.annotations.Param;

/**
 * Answers that are on the disk already, in the page cache; one operation is a request and its whole body as bytes. {@code mutil}
 * has no memory tier; {@code okhttp} is the cache of that client, filled by a server on loopback that is gone afterwards.
 */
public class DiskHitSuite extends HitSuite {
    /** Bytes of a body. */
    @Param({"1000", "100000"})
    public int bytes;

    /** The contestant. */
    @Param({"mutil", "okhttp"})
    public String who = "";

    /** For JMH. */
    public DiskHitSuite() {}

    @Override
    StoredAnswers stored(Path directory) throws Exception {
        return StoredAnswers.onDisk(who, directory, ENTRIES, bytes);
    }
}
