package io.mutil.bench;

/**
 * What became of the numbers that were sent.
 *
 * @param misplaced numbers that came to the wrong reader, or that nobody had sent
 * @param seconds from the first one sent to the last one received
 */
record Outcome(long sent, long lost, long twice, long misplaced, long received, double seconds) {
    boolean isExact() {
        return lost == 0 && twice == 0 && misplaced == 0;
    }

    double perSecond() {
        return received / seconds;
    }
}
