package io.mutil.awssig;

import java.util.function.Supplier;

/** What gives credentials, and says of itself where from. */
record NamedProvider(String name, Supplier<Credentials> source) implements CredentialsProvider {
    @Override
    public Credentials get() {
        return source.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
