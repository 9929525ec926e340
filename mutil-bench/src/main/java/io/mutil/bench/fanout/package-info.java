/**
 * The load of a WebSocket fan-out proxy, ours beside its peers: {@link io.mutil.bench.fanout.FanoutDriver}.
 *
 * <p>A contestant is a {@link io.mutil.bench.fanout.Contestant}: a program of its own that takes messages from the upstream
 * in the driver and passes each to many clients, which are in the driver as well.
 */
@NullMarked
package io.mutil.bench.fanout;

import org.jspecify.annotations.NullMarked;
