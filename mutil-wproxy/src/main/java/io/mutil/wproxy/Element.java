package io.mutil.wproxy;

/**
 * One message for subscribers, on its own: what outlives its batch is copied, so that a message that waits does not keep a
 * whole batch in memory. Shared by all that it waits for.
 */
final class Element {
    private final byte[] payload;
    private final boolean text;

    /** @param payload nobody's any more */
    Element(byte[] payload, boolean text) {
        this.payload = payload;
        this.text = text;
    }

    byte[] payload() {
        return payload;
    }

    boolean isText() {
        return text;
    }

    int bytes() {
        return payload.length;
    }
}
