package io.mutil.awssig;

import org.jspecify.annotations.Nullable;

/** A source that says without an exception that it has nothing: where others follow, it is asked at each signature. */
interface OptionalCredentials extends CredentialsProvider {
    /** Null if nothing is configured there. */
    @Nullable
    Credentials find();

    /** What to do where nothing is configured. */
    String advice();

    @Override
    default Credentials get() {
        Credentials found = find();
        if (found == null) {
            throw CredentialsException.absent(advice());
        }
        return found;
    }
}
