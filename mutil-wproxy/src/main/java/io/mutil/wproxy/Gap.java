package io.mutil.wproxy;

import org.jspecify.annotations.Nullable;

/**
 * Messages that did not come from the upstream.
 *
 * @param missed how many, or {@link Notices#UNKNOWN}
 * @param offset of the last of them; the next message has the one behind it
 * @param everything the key that stood for everything at that time, if one did: its subscribers got whole messages
 */
record Gap(Key key, long missed, long offset, @Nullable Key everything) {
    boolean isCounted() {
        return missed != Notices.UNKNOWN;
    }
}
