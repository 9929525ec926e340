/**
 * The segmented LRU beside caches: {@link io.mutil.bench.lru.TouchSuite} and {@link io.mutil.bench.lru.NewKeySuite} for JMH,
 * {@link io.mutil.bench.lru.LruDriver} for what takes a million keys at once, {@link io.mutil.bench.lru.HitRates} for traces.
 */
@NullMarked
package io.mutil.bench.lru;

import org.jspecify.annotations.NullMarked;
