package io.mutil.bench.frames;

import java.io.IOException;

/** A client and a server that sends every frame back. */
interface RoundTrip {
    /** Sends one frame, for one thread. */
    void send(Frame frame) throws IOException, InterruptedException;

    /** Waits for the next reply and checks it, on the thread that sends. */
    void awaitReply() throws IOException, InterruptedException;

    /** Disconnects the ends and ends every thread. */
    void close() throws IOException, InterruptedException;
}
