package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@link MutilEnds} with blocking reads and writes on both sides. */
final class MutilRoundTrip implements RoundTrip {
    private final Receipt receipt;
    private final MutilEnds ends;

    MutilRoundTrip(Receipt receipt) throws IOException, InterruptedException {
        this.receipt = receipt;
        ends = new MutilEnds(Endpoint.tcp(0), MutilRoundTrip::echo);
    }

    private static void echo(Connection connection) throws IOException, InterruptedException {
        for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
            connection.write(frame);
        }
    }

    @Override
    public void send(Frame frame) throws IOException, InterruptedException {
        ends.client().write(frame.direct());
    }

    @Override
    public void awaitReply() throws IOException, InterruptedException {
        receipt.accept(requireNonNull(ends.client().read(), "the server ended the connection"));
    }

    @Override
    public void close() throws IOException {
        ends.close();
    }
}
