/**
 * Length-prefixed frames on Netty, JSON payloads, and the choice of transport.
 *
 * <p>Start with {@link io.mutil.codec.FrameFormat} for bytes on a connection, {@link io.mutil.codec.JsonCodec} for
 * values in a payload, and {@link io.mutil.codec.Transport} for the event loops below both.
 */
@NullMarked
package io.mutil.codec;

import org.jspecify.annotations.NullMarked;
