package io.mutil.cache;

/** An entry as a tier holds it. */
record Held(Meta meta, Body body) {}
