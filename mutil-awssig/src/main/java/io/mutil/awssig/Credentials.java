package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** An access key, its secret, and the token of a session where there is one. Never shows the secret or the token. */
public final class Credentials {
    private final String accessKey;
    private final String secret;
    private final @Nullable String sessionToken;

    private Credentials(String accessKey, String secret, @Nullable String sessionToken) {
        this.accessKey = oneLine("accessKey", requireNonNull(accessKey, "accessKey"));
        this.secret = requireNonNull(secret, "secret");
        this.sessionToken = sessionToken == null ? null : oneLine("sessionToken", sessionToken);
    }

    /** Both are sent in headers, which a line break would make two. */
    private static String oneLine(String name, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + " must hold no line break or other control character");
        }
        return value;
    }

    /**
     * A key that stays.
     *
     * @throws IllegalArgumentException if the access key holds a control character
     */
    public static Credentials of(String accessKey, String secret) {
        return new Credentials(accessKey, secret, null);
    }

    /**
     * A key of a session, which the service knows by its token.
     *
     * @throws IllegalArgumentException if the access key or the token holds a control character
     */
    public static Credentials of(String accessKey, String secret, String sessionToken) {
        return new Credentials(accessKey, secret, requireNonNull(sessionToken, "sessionToken"));
    }

    /** The access key, which is no secret. */
    public String accessKey() {
        return accessKey;
    }

    String secret() {
        return secret;
    }

    @Nullable
    String sessionToken() {
        return sessionToken;
    }

    @Override
    public String toString() {
        return "Credentials[" + accessKey + (sessionToken == null ? "]" : ", session]");
    }
}
