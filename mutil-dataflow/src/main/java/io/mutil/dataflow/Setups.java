package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** What callers chose for the server or the client of a level, in the order of their calls. */
final class Setups<B> {
    private final boolean allowed;
    private final String refusal;
    private final List<Setup<B>> setups = new ArrayList<>();

    private Setups(boolean allowed, String refusal) {
        this.allowed = allowed;
        this.refusal = refusal;
    }

    static <B> Setups<B> ofServer(boolean allowed) {
        return new Setups<>(allowed, "this level connects and has no server; use client(...)");
    }

    static <B> Setups<B> ofClient(boolean allowed) {
        return new Setups<>(allowed, "this level listens and has no client; use server(...)");
    }

    void add(Setup<B> setup) {
        if (!allowed) {
            throw new IllegalStateException(refusal);
        }
        setups.add(requireNonNull(setup, "setup"));
    }

    void applyTo(B options) {
        setups.forEach(setup -> setup.apply(options));
    }
}
