package io.mutil.wproxy;

import java.util.Map;
import java.util.Optional;

/**
 * Decides who may connect. Asked once for each client, before it is one.
 *
 * <p>May block; called on threads for that, several at a time. An exception refuses the client and is logged as a warning.
 *
 * <pre>{@code
 * Access access = request -> request.header("x-api-key").filter(keys::isValid).map(key -> ClientTerms.unlimited());
 * }</pre>
 */
@FunctionalInterface
public interface Access {
    /** The terms for this client; empty if it may not connect, which is answered with status 401. */
    Optional<ClientTerms> check(ClientRequest request) throws Exception;

    /**
     * Admits who shows one of these tokens: in a header {@code Authorization: Bearer <token>}, or in the query as
     * {@code ?token=<token>}. Framed connections show none, and are not admitted.
     */
    static Access tokens(Map<String, ClientTerms> byToken) {
        return new TokenAccess(byToken, Map.of());
    }

    /**
     * As {@link #tokens(Map)}, and admits framed connections that have proved one of these keys.
     *
     * @param byKeyId by the id of the key
     */
    static Access tokens(Map<String, ClientTerms> byToken, Map<String, ClientTerms> byKeyId) {
        return new TokenAccess(byToken, byKeyId);
    }
}
