/** Rounding to increments and the text of prices. */
@NullMarked
package io.mutil.numeric;

import org.jspecify.annotations.NullMarked;
