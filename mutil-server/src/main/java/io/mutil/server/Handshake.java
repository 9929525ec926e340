package io.mutil.server;

/**
 * How the two ends of a connection prove to each other that they have the same key.
 *
 * <p>All three authenticate the start of a connection and nothing behind it: whoever can change bytes on the way can still
 * change frames afterwards. On a network that is not trusted use TLS as well.
 *
 * <p>All three also let somebody who takes part in a handshake, or merely sees one, try out guesses of the key at
 * leisure. A key of 16 random bytes or more makes that hopeless; a password does not.
 */
public enum Handshake {
    /**
     * The default, and the only one that negotiates anything: both ends announce their header width, longest frame and
     * key id, and HMAC-SHA-512 over all of it proves the key, the client's proof first.
     *
     * <p>Protects against reflection (the two directions are proved under different labels), replay (either end
     * contributes a nonce) and downgrade (what was announced is part of the proof). With TLS the proof also covers the
     * server's certificate, so that a man in the middle with another certificate is found out.
     *
     * <p>Frames carry a kind byte afterwards. Requests, names and trailers of files need this handshake; so do signs of life
     * and close reasons, except on a WebSocket, which has its own.
     */
    VERSION_2,

    /**
     * That of the Python library mutil: each end answers 128 random bytes with their HMAC-BLAKE2b, the server first.
     * Needs Bouncy Castle ({@code org.bouncycastle:bcprov-jdk18on}).
     *
     * <p>Both directions are proved in the same way, so that an answer to a challenge is good for whoever issued that
     * challenge. Challenges that this process has issued are not answered, which stops reflection against it. What
     * remains: a stranger who finds <em>two</em> processes with the same key can have one answer for the other, and a
     * man in the middle can pass the handshake on. The server answers before the client has proved anything. Header
     * width and longest frame are not compared, and one key works at a time: the first.
     */
    LEGACY,

    /**
     * That of CPython's {@code multiprocessing.connection} with an {@code authkey}: the listener's challenge first, then
     * the client's; HMAC-MD5 with a peer up to 3.11, HMAC-SHA-256 from 3.12 on.
     *
     * <p>What is said of {@link #LEGACY} about reflection, men in the middle and limits holds here too; but the client
     * has to answer first, and its answer tells which of several keys it has. MD5 is accepted only in the form that
     * old versions send, in both directions or none. Only bytes are exchanged: nothing is ever unpickled.
     */
    MULTIPROCESSING
}
