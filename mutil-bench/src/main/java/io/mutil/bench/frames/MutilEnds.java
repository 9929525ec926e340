package io.mutil.bench.frames;

import io.mutil.server.Client;
import io.mutil.server.Connection;
import io.mutil.server.ConnectionHandler;
import io.mutil.server.Endpoint;
import io.mutil.server.Keys;
import io.mutil.server.Server;
import java.io.IOException;
import java.security.SecureRandom;

/** A client and a server of ours, with all defaults. */
final class MutilEnds {
    private static final int KEY_BYTES = 32;

    private final Keys keys;
    private final Server server;
    private final Connection client;

    MutilEnds(Endpoint endpoint, ConnectionHandler onServer) throws IOException, InterruptedException {
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        keys = Keys.of(secret);
        server = Server.builder(keys).listen(endpoint).onConnection(onServer).start();
        client = Client.connect(server.endpoint(), keys);
    }

    Connection client() {
        return client;
    }

    void close() throws IOException {
        client.close();
        server.close();
        keys.close();
    }
}
