package io.mutil.awssig;

import org.jspecify.annotations.Nullable;

/** Credentials in environment variables; an empty one counts as none. */
record EnvironmentCredentials(Variables variables) implements OptionalCredentials {
    private static final String KEY = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final String TOKEN = "AWS_SESSION_TOKEN";

    @Override
    public @Nullable Credentials find() {
        String key = variables.value(KEY);
        String secret = variables.value(SECRET);
        if (key == null && secret == null) {
            return null;
        }
        if (key == null || secret == null) {
            String missing = key == null ? KEY : SECRET;
            String other = key == null ? SECRET : KEY;
            throw CredentialsException.broken(
                    missing + " is not set in the environment while " + other + " is; set and export both, or neither");
        }
        String token = variables.value(TOKEN);
        return token == null ? Credentials.of(key, secret) : Credentials.of(key, secret, token);
    }

    @Override
    public String advice() {
        return KEY + " and " + SECRET + " are not set in the environment; set and export both";
    }

    @Override
    public String toString() {
        return "environment";
    }
}
