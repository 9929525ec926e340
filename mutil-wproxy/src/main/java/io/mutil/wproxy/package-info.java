/**
 * Lets many clients share one upstream WebSocket, each with subscriptions of its own. Start at {@link
 * io.mutil.wproxy.WProxy}.
 */
@NullMarked
package io.mutil.wproxy;

import org.jspecify.annotations.NullMarked;
