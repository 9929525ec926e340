/**
 * Timers of sections: elapsed time, steps, rates and progress, in the log of the caller. Start with {@link
 * io.mutil.timer.Timer}.
 */
@NullMarked
package io.mutil.timer;

import org.jspecify.annotations.NullMarked;
