package io.mutil.bench.frames;

import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@link MutilEnds} with blocking writes and, on the thread that the server gives a connection, blocking reads. */
final class MutilOneWay implements OneWay {
    private final MutilEnds ends;

    MutilOneWay(Receipt receipt) throws IOException, InterruptedException {
        ends = new MutilEnds(Endpoint.tcp(0), connection -> read(connection, receipt));
    }

    private static void read(Connection connection, Receipt receipt) throws InterruptedException {
        try {
            for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
                receipt.accept(frame);
            }
        } catch (IOException e) {
            receipt.fail(e);
        }
    }

    @Override
    public void send(Frame frame) throws IOException, InterruptedException {
        ends.client().write(frame.direct());
    }

    @Override
    public void close() throws IOException {
        ends.close();
    }
}
