package io.mutil.dataflow;

/**
 * One peer of an egress. Lives on the event loop of its audience; equal to another one for the same connection.
 *
 * @param <M> messages
 */
interface Member<M> {
    /** Queues a message, which stays the caller's; false if there is no room, or the connection is closed. */
    boolean offer(M message);

    /** Has what is queued leave, if it does not by itself. */
    default void flush() {}

    boolean isOpen();

    /** Ends the connection because its peer takes too little. */
    void closeSlow();

    /** After a refusal: calls {@link BroadcastTask#goOn} when there is room. */
    default void awaitRoom() {}
}
