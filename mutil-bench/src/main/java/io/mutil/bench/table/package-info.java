/** Whole tables as text, beside the peers of {@link io.mutil.bench.table.FormatSuite}. */
@NullMarked
package io.mutil.bench.table;

import org.jspecify.annotations.NullMarked;
