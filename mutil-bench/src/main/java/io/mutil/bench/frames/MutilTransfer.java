package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** {@link MutilEnds} that send and receive whole files, each acknowledged with an empty frame. */
final class MutilTransfer implements FileTransfer {
    private static final ByteBuffer DONE = ByteBuffer.allocate(0);

    private final MutilEnds ends;

    MutilTransfer(Endpoint endpoint, Path target) throws IOException, InterruptedException {
        ends = new MutilEnds(endpoint, connection -> receive(connection, target));
    }

    private static void receive(Connection connection, Path target) throws IOException, InterruptedException {
        while (connection.receiveFile(target) != null) {
            connection.write(DONE);
        }
    }

    @Override
    public void send(Path source) throws IOException, InterruptedException {
        ends.client().sendFile(source);
        requireNonNull(ends.client().read(), "the server ended the connection");
    }

    @Override
    public void close() throws IOException {
        ends.close();
    }
}
