package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Knows tokens by their hashes, so that how long it takes to find one says nothing about others. */
final class TokenAccess implements Access {
    private static final String BEARER = "Bearer ";

    private final Map<String, ClientTerms> byHash = new HashMap<>();

    private final Map<String, ClientTerms> byKeyId;

    /** @param byKeyId apart, because ids are no secret, and nobody may show one as a token */
    TokenAccess(Map<String, ClientTerms> byToken, Map<String, ClientTerms> byKeyId) {
        this.byKeyId = Map.copyOf(byKeyId);
        byToken.forEach((token, terms) -> {
            if (token.isBlank()) {
                throw new IllegalArgumentException("a token must not be blank");
            }
            byHash.put(hash(token), requireNonNull(terms, "terms"));
        });
    }

    private static String hash(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public Optional<ClientTerms> check(ClientRequest request) {
        return request.keyId().map(byKeyId::get).or(() -> tokenOf(request).map(token -> byHash.get(hash(token))));
    }

    private static Optional<String> tokenOf(ClientRequest request) {
        return request.header("authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip())
                .or(() -> request.query("token"));
    }
}
