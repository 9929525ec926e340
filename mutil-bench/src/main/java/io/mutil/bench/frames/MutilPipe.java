package io.mutil.bench.frames;

import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A {@link Pipe} of ours with all defaults, blocking writes, and a thread with blocking reads. */
final class MutilPipe implements OneWay {
    private final Pipe pipe;
    private final Thread reader;

    MutilPipe(Receipt receipt) throws IOException {
        pipe = Pipe.open();
        reader = new Thread(() -> read(pipe, receipt), "mutil reader");
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(Pipe pipe, Receipt receipt) {
        try {
            for (ByteBuffer frame = pipe.read(); frame != null; frame = pipe.read()) {
                receipt.accept(frame);
            }
        } catch (IOException | InterruptedException e) {
            receipt.fail(e);
        }
    }

    @Override
    public void send(Frame frame) throws IOException, InterruptedException {
        pipe.write(frame.direct());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        pipe.closeOutput();
        reader.join();
        pipe.close();
    }
}
