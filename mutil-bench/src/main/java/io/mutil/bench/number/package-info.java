/**
 * Numbers, beside the JDK's own means: {@link io.mutil.bench.number.RoundingSuite} and {@link
 * io.mutil.bench.number.PriceFormatSuite}.
 */
@NullMarked
package io.mutil.bench.number;

import org.jspecify.annotations.NullMarked;
