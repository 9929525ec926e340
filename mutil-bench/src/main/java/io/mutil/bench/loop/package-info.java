/** The next result of many sources: {@link io.mutil.bench.loop.CompletionSuite}. */
@NullMarked
package io.mutil.bench.loop;

import org.jspecify.annotations.NullMarked;
