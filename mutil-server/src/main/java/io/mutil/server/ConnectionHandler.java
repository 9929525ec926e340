package io.mutil.server;

/**
 * What a program does with a new connection.
 *
 * <p>Called once per connection, after its handshake, on a thread that may block: a virtual thread where the JDK has
 * them. The connection stays open when the call returns; it ends when either side closes it.
 */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Takes a connection over.
     *
     * @throws Exception to end the connection with {@link CloseReason#INTERNAL_ERROR}; logged as a warning
     */
    void handle(Connection connection) throws Exception;
}
