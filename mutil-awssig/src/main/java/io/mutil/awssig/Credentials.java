package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** An access key, its secret, and the token of a session where there is one. Never shows the secret or the token. */
public final class Credentials {
    private final String accessKey;
    private final String secret;
    private final @Nullable String sessionToken;

    private Credentials(String accessKey, String secret, @Nullable String sessionToken) {
        this.accessKey = requireNonNull(accessKey, "accessKey");
        this.secret = requireNonNull(secret, "secret");
        this.sessionToken = sessionToken;
    }

    /** A key that stays. */
    public static Credentials of(String accessKey, String secret) {
        return new Credentials(accessKey, secret, null);
    }

    /** A key of a session, which the service knows by its token. */
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
