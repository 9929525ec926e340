package io.mutil.bench.frames;

import io.mutil.server.Connection;
import io.mutil.server.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * {@link MutilEnds} with blocking writes and, on the thread that the server gives a connection, blocking reads: of buffers
 * that are the consumer's to keep, or into one that is used again.
 */
final class MutilOneWay implements OneWay {
    private final MutilEnds ends;

    /** @param buffer how long the one buffer is; zero for none */
    MutilOneWay(Receipt receipt, int buffer) throws IOException, InterruptedException {
        ends = new MutilEnds(Endpoint.tcp(0), connection -> {
            try {
                if (buffer == 0) {
                    read(connection, receipt);
                } else {
                    read(connection, ByteBuffer.allocateDirect(buffer), receipt);
                }
            } catch (IOException e) {
                receipt.fail(e);
            }
        });
    }

    private static void read(Connection connection, Receipt receipt) throws IOException, InterruptedException {
        for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
            receipt.accept(frame);
        }
    }

    private static void read(Connection connection, ByteBuffer buffer, Receipt receipt)
            throws IOException, InterruptedException {
        while (connection.read(buffer.clear()) >= 0) {
            receipt.accept(buffer.flip());
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
