package io.mutil.server;

/**
 * Decides who may connect to a {@link WebSocketServer}, and who may see its resources that are made anew.
 *
 * <p>Called on the {@code executor} of the server, and may block: for the look-up of a token, say. What it does counts
 * towards the handshake time-out, after which its answer is of no use. Different requests call at the same time.
 *
 * <pre>{@code
 * UpgradeHandler onlyWithToken = request -> request.header("Authorization")
 *         .map(tokens::userOf)
 *         .map(UpgradeAnswer::accept)
 *         .orElse(UpgradeAnswer.refuse(401, "a token is needed"));
 * }</pre>
 */
@FunctionalInterface
public interface UpgradeHandler {
    /**
     * Decides about a request that is in order otherwise.
     *
     * @throws Exception for any reason; it is logged as a warning, and the client gets status 500
     */
    UpgradeAnswer onUpgrade(UpgradeRequest request) throws Exception;
}
