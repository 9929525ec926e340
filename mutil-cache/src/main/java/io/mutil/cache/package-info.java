/** Fetch cache: memory over disk. */
@NullMarked
package io.mutil.cache;

import org.jspecify.annotations.NullMarked;
