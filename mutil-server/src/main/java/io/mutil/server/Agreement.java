package io.mutil.server;

/**
 * What a completed handshake has settled.
 *
 * @param handshake the one that was spoken
 * @param keyId of the key that both ends have
 * @param maxPayload the longest payload in bytes that the peer takes, and never more than a header can express
 */
record Agreement(Handshake handshake, String keyId, long maxPayload) {}
