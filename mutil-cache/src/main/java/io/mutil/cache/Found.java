package io.mutil.cache;

/** An entry, and the tier it came from: {@link Source#MEMORY} or {@link Source#DISK}. */
record Found(Held held, Source source) {
    Meta meta() {
        return held.meta();
    }
}
