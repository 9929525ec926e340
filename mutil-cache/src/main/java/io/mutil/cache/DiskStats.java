package io.mutil.cache;

/** What the disk tier holds and what went wrong. */
record DiskStats(long bytes, long entries, long evicted, long damaged, long failures) {}
