/** Loops over sources that are armed again once their result was taken, clean start and stop of a program, and tasks by schedule. */
@NullMarked
package io.mutil.loop;

import org.jspecify.annotations.NullMarked;
