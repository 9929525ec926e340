package io.mutil.server;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Keeps one authenticated connection to a server up. */
@SuppressWarnings("DoNotCallSuggester") // signatures, to be filled
public final class Client implements AutoCloseable {
    private Client() {}

    public static Connection connect(Endpoint endpoint, Keys keys) throws IOException, InterruptedException {
        return builder(endpoint, keys).connect();
    }

    public static Builder builder(Endpoint endpoint, Keys keys) {
        return new Builder();
    }

    public Optional<Connection> connection() {
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

        public Builder handshake(Handshake handshake) {
            return this;
        }

        public Builder onConnection(ConnectionHandler handler) {
            return this;
        }

        public CompletableFuture<Connection> connectAsync() {
            throw new UnsupportedOperationException();
        }

        public Connection connect() throws IOException, InterruptedException {
            throw new UnsupportedOperationException();
        }

        public Client start() {
            throw new UnsupportedOperationException();
        }
    }
}
