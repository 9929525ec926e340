/** Whole tables, every row and every column, in the width of a terminal. */
@NullMarked
package io.mutil.frame;

import org.jspecify.annotations.NullMarked;
