package io.mutil.server;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** Listens for authenticated connections. */
@SuppressWarnings("DoNotCallSuggester") // signatures, to be filled
public final class Server implements AutoCloseable {
    private Server() {}

    public static Builder builder(Keys keys) {
        return new Builder();
    }

    /** Where clients connect to: what was asked for, with the port that was got. */
    public Endpoint endpoint() {
        throw new UnsupportedOperationException();
    }

    public Collection<Connection> connections() {
        throw new UnsupportedOperationException();
    }

    public CompletableFuture<Void> closeAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    public static final class Builder {
        private Builder() {}

        public Builder listen(Endpoint endpoint) {
            return this;
        }

        public Builder onConnection(ConnectionHandler handler) {
            return this;
        }

        public Builder handshake(Handshake handshake) {
            return this;
        }

        public Server start() throws IOException {
            throw new UnsupportedOperationException();
        }
    }
}
