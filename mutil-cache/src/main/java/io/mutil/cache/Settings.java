package io.mutil.cache;

import java.util.Set;

/**
 * The choices of a {@link FetchCacheBuilder}. Durations are milliseconds.
 *
 * @param negative statuses that are remembered
 * @param memoryWithoutDisk how many bytes of larger bodies are in the heap at a time because the disk cannot take them
 * @param keptHeaders in lower case
 * @param openAnswers how many files of large bodies are held open for their first reader
 * @param diskBytes how many the disk may hold
 */
record Settings(
        Freshness freshness,
        long staleWhileRevalidate,
        long staleIfError,
        Set<Integer> negative,
        long negativeTtl,
        long memoryBytes,
        int memoryEntry,
        long maxBody,
        int memoryWithoutDisk,
        int maxFetches,
        int maxWaiting,
        long timeout,
        Set<String> keptHeaders,
        int openAnswers,
        long diskBytes) {
    /** What part of the disk open files may take. */
    private static final int OPEN_PART = 8;
    /** How long a due answer is kept, to be revalidated or for a call whose own rule gives it longer. */
    private static final long DUE = 30L * 24 * 60 * 60 * 1000;

    /** How many bytes open files may have together. */
    long openBytes() {
        return diskBytes / OPEN_PART;
    }

    /** Beside it there must be room for what is said of it. */
    long maxBodyOnDisk() {
        return diskBytes - Slot.HEADER;
    }

    /** How long after it is due an answer may be of use. */
    long keep() {
        return Math.max(DUE, longestStale());
    }

    /** How long after it is due an answer is of use to calls without choices of their own. */
    long use(boolean validators) {
        return validators ? keep() : longestStale();
    }

    private long longestStale() {
        return Math.max(staleWhileRevalidate, staleIfError);
    }
}
