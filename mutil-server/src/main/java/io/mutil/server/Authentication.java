package io.mutil.server;

import io.mutil.codec.FrameFormat;

/** How the connections of one server or client are authenticated, and what the peers are told. Safe for many threads. */
final class Authentication {
    private final Handshake handshake;

    /** @throws IllegalStateException if the handshake needs Bouncy Castle and it is not there */
    Authentication(Handshake handshake, Keys keys, FrameFormat format) {
        this.handshake = handshake;
    }

    Handshake handshake() {
        return handshake;
    }

    /** @param binding what ties the handshake to the channel below; empty if there is nothing */
    Exchange asClient(byte[] binding) {
        return new Exchange() {
            @Override
            void begin() {}
        };
    }

    Exchange asServer(byte[] binding) {
        return new Exchange() {
            @Override
            void begin() {}
        };
    }
}
