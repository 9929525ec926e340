/**
 * Frames over OS pipes, inherited descriptors, FIFOs, streams and child processes.
 *
 * <p>Start with {@link io.mutil.pipe.Pipe}; {@link io.mutil.pipe.ChildProcess} starts a program and speaks frames with it.
 */
@NullMarked
package io.mutil.pipe;

import org.jspecify.annotations.NullMarked;
