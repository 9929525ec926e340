package io.mutil.server;

import io.mutil.codec.FrameFormat;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The two ends of a connection: {@code left} the server's, which does nothing by itself, {@code right} the client's. */
record Pair(Server server, Connection left, Connection right) implements AutoCloseable {
    /** With bounds of so many bytes for both queues. */
    static Pair of(Way way, Handshake handshake, int bound) throws Exception {
        return of(
                way,
                builder ->
                        builder.handshake(handshake).outboundQueueBytes(bound).inboundBufferBytes(bound));
    }

    static Pair of(Way way, Handshake handshake, FrameFormat format) throws Exception {
        return of(way, builder -> builder.handshake(handshake).format(format));
    }

    static Pair of(Way way, Consumer<ConnectionOptions<?>> choices) throws Exception {
        var served = new CompletableFuture<Connection>();
        Server.Builder serving = way.server(served::complete);
        choices.accept(serving);
        Server server = serving.start();
        Client.Builder connecting = way.client(server);
        choices.accept(connecting);
        Connection right = connecting.connect();
        return new Pair(server, served.get(30, TimeUnit.SECONDS), right);
    }

    @Override
    public void close() throws IOException {
        right.close();
        server.close();
        Way.clean(server.endpoint());
    }
}
