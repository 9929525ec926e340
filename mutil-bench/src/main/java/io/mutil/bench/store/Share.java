package io.mutil.bench.store;

/** What one of several threads does: every row of a kind. */
record Share(int part, int parts) {
    /** Whether that row, or that shard, is this one's. */
    boolean has(int number) {
        return number % parts == part;
    }
}
