package io.mutil.wproxy;

import java.io.IOException;

/**
 * What an upstream and the proxy say to each other before the stream begins. For one thread; its methods may block, until
 * the time for connecting is over.
 */
public interface Conversation {
    /** Sends a text message. */
    void send(String text) throws IOException, InterruptedException;

    /**
     * Takes the next message, text or what binary is as UTF-8. What is not taken here belongs to the stream.
     *
     * @throws IOException if the connection has ended
     */
    String receive() throws IOException, InterruptedException;
}
