/** Timers of sections: elapsed time, steps, rates and progress, in the log of the caller. */
@NullMarked
package io.mutil.timer;

import org.jspecify.annotations.NullMarked;
