package io.mutil.awssig;

import java.util.ArrayList;
import java.util.List;

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
            try {
                return source.get();
            } catch (CredentialsException e) {
                if (!e.isAbsent()) {
                    throw e;
                }
                missing.add(e.getMessage());
            }
        }
        throw CredentialsException.absent(String.join("; or: ", missing));
    }

    @Override
    public String toString() {
        return "first of " + sources;
    }
}
