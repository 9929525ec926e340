package io.mutil.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Calls the handlers of connections. */
final class Handlers {
    private static final Logger LOGGER = System.getLogger(Handlers.class.getName());

    private Handlers() {}

    /** Calls the handler on the executor; a failure of either closes the connection. */
    static void start(Executor executor, ConnectionHandler handler, Connection connection) {
        try {
            executor.execute(() -> run(handler, connection));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.WARNING, () -> "the executor has no thread for the handler, closing " + connection, e);
            connection.closing().start(new CloseReason(CloseReason.TRY_LATER, "no thread for the connection"));
        }
    }

    private static void run(ConnectionHandler handler, Connection connection) {
        try {
            handler.handle(connection);
        } catch (Throwable e) {
            // when the connection has ended, the failure of its handler is only how it noticed
            Level level = connection.isOpen() ? Level.WARNING : Level.DEBUG;
            LOGGER.log(level, () -> "handler failed, closing " + connection + " with 1011", e);
            connection.closing().start(new CloseReason(CloseReason.INTERNAL_ERROR, "handler failed"));
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
