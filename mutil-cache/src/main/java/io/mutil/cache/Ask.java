package io.mutil.cache;

/** What a caller wants, and how to get it. */
record Ask(Key key, Fetch fetch, Options options) {}
