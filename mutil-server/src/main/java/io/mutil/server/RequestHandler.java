package io.mutil.server;

import java.nio.ByteBuffer;

/**
 * Answers requests of a peer.
 *
 * <p>Called on threads of the connection's executor that may block, for several requests at a time, in no order.
 */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Answers one request.
     *
     * @param request the handler's own
     * @return the answer; not to be changed any more
     * @throws RequestFailedException to tell the asker why there is no answer
     * @throws Exception anything else is logged as a warning, and the asker is told only that the request failed
     */
    ByteBuffer answer(ByteBuffer request) throws Exception;
}
