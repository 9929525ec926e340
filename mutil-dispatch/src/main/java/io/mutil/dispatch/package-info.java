/** Commands by their shortest unique prefix: a table of operations with typed arguments, run from any line of text. */
@NullMarked
package io.mutil.dispatch;

import org.jspecify.annotations.NullMarked;
