package io.mutil.server;

import io.mutil.codec.internal.Framing;

/**
 * What a completed handshake has settled.
 *
 * @param handshake the one that was spoken
 * @param keyId of the key that both ends have
 * @param inbound frames from the peer, as long as this end takes them
 * @param outbound frames to the peer, as long as the peer takes them
 * @param maxPayload the longest payload in bytes that {@code outbound} admits
 */
record Agreement(Handshake handshake, String keyId, Framing inbound, Framing outbound, long maxPayload) {}
