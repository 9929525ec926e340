package io.mutil.wproxy;

/**
 * Messages that did not come from the upstream.
 *
 * @param missed how many, or {@link Notices#UNKNOWN}
 * @param offset of the last of them; the next message has the one behind it
 * @param isTold whether all subscribers learn of it, or only those that count
 */
record Gap(Key key, long missed, long offset, boolean isTold) {
    boolean isCounted() {
        return missed != Notices.UNKNOWN;
    }
}
