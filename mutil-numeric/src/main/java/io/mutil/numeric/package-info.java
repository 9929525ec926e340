/**
 * Rounding to increments and the text of prices.
 *
 * <p>{@link io.mutil.numeric.Rounding} rounds once, {@link io.mutil.numeric.Grid} and {@link io.mutil.numeric.PriceBands} round
 * often and know the next value too, {@link io.mutil.numeric.PriceFormat} prints and reads.
 *
 * <p>A {@code double} counts as the shortest decimal that reads back as it, so 0.1 is one tenth. It is found here, not by {@link
 * Double#toString}, which before JDK 19 is not always the shortest.
 */
@NullMarked
package io.mutil.numeric;

import org.jspecify.annotations.NullMarked;
