package io.mutil.awssig;

import org.jspecify.annotations.Nullable;

/** The environment of the process. */
@FunctionalInterface
interface Variables {
    @Nullable
    String get(String name);

    /** Without space around it; an empty one is none. */
    default @Nullable String value(String name) {
        String value = get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
