package io.mutil.bench.frames;

import java.io.IOException;

/** Two ends and what is between them; a contestant hands every frame that is sent here to its {@link Receipt} there. */
interface OneWay {
    /** Sends one frame, for one thread; waits while as much is under way as the contestant allows. */
    void send(Frame frame) throws IOException, InterruptedException;

    /** Sends what the contestant still holds back to fill a buffer. */
    default void flush() throws IOException {}

    /** Disconnects the ends and ends every thread. */
    void close() throws IOException, InterruptedException;

    /** Makes a contestant. */
    interface Opening {
        /** Connects the two ends. */
        OneWay open(Receipt receipt) throws IOException, InterruptedException;
    }
}
