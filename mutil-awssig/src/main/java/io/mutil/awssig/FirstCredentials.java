package io.mutil.awssig;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks one source after the other. */
record FirstCredentials(List<CredentialsProvider> sources) implements CredentialsProvider {
    FirstCredentials {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("firstOf() needs a source, got none; standard() is the usual one");
        }
    }

    @Override
    public Credentials get() {
        List<String> missing = new ArrayList<>();
        for (CredentialsProvider source : sources) {
            Credentials found = find(source, missing);
            if (found != null) {
                return found;
            }
        }
        throw CredentialsException.absent(String.join("; or: ", missing));
    }

    private static @Nullable Credentials find(CredentialsProvider source, List<String> missing) {
        if (source instanceof OptionalCredentials optional) {
            Credentials found = optional.find();
            if (found == null) {
                missing.add(optional.advice());
            }
            return found;
        }
        try {
            return source.get();
        } catch (CredentialsException e) {
            if (!e.isAbsent()) {
                throw e;
            }
            missing.add(e.getMessage());
            return null;
        }
    }

    @Override
    public String toString() {
        return "first of " + sources;
    }
}
