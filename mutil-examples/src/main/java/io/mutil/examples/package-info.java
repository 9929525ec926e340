/** Runnable programs that show the modules at work; start at {@link io.mutil.examples.Echo}. */
@NullMarked
package io.mutil.examples;

import org.jspecify.annotations.NullMarked;
