/**
 * Frames and files between two ends in one JVM, ours beside its peers: {@link io.mutil.bench.frames.PipeSuite},
 * {@link io.mutil.bench.frames.OneWaySuite}, {@link io.mutil.bench.frames.RoundTripSuite} and
 * {@link io.mutil.bench.frames.FileSuite}.
 *
 * <p>A contestant is an implementation of {@link io.mutil.bench.frames.OneWay}, {@link io.mutil.bench.frames.RoundTrip}
 * or {@link io.mutil.bench.frames.FileTransfer}, chosen by the parameter {@code who}.
 */
@NullMarked
package io.mutil.bench.frames;

import org.jspecify.annotations.NullMarked;
