/**
 * Fetch cache: memory over disk. {@link io.mutil.cache.FetchCache} fetches once and answers from what it keeps until it is due;
 * {@link io.mutil.cache.PersistentMap} is a map whose values are files.
 */
@NullMarked
package io.mutil.cache;

import org.jspecify.annotations.NullMarked;
