/**
 * A segmented LRU of keys and sizes, whose data belong to the caller and whose state survives in SQLite.
 *
 * <p>Start with {@link io.mutil.s4lru.S4Lru}.
 */
@NullMarked
package io.mutil.s4lru;

import org.jspecify.annotations.NullMarked;
