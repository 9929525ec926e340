/**
 * Rate limits for callers of remote services: exact sliding windows, fixed windows by the wall clock, and even pace. Start
 * with {@link io.mutil.ratelimit.RateLimit}.
 */
@NullMarked
package io.mutil.ratelimit;

import org.jspecify.annotations.NullMarked;
