/** Sliding window, fixed window and paced limits. */
@NullMarked
package io.mutil.ratelimit;

import org.jspecify.annotations.NullMarked;
