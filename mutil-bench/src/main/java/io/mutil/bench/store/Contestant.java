package io.mutil.bench.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;

/**
 * A way to keep rows.
 *
 * @param modes what it takes part in
 * @param writers threads that put
 * @param promise what a put that has returned survives, and how rows share a commit
 */
record Contestant(String name, Set<StoreOptions.Mode> modes, int writers, String promise, Opening opening) {
    /** Opens it, in a directory that is empty or has what it kept there. */
    interface Opening {
        Store open(Path directory, int shards) throws IOException, SQLException;
    }
}
