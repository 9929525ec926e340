package io.mutil.bench.frames;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Pipe;

/**
 * What a careful program writes over {@code java.nio.channels.Pipe} without a library: the writer packs small frames into
 * a large direct buffer and gathers a large one behind its header, and a reader thread parses in place.
 */
final class BlockingPipe implements OneWay {
    private static final int HEADER = 4;
    private static final int BUFFER = 64 << 10;
    private static final int LARGE = BUFFER / 4;

    private final Pipe pipe;
    private final Thread reader;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

    BlockingPipe(Receipt receipt, boolean copies) throws IOException {
        pipe = Pipe.open();
        reader = new Thread(new BlockingReader(pipe.source(), receipt, copies), "pipe reader");
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public void send(Frame frame) throws IOException {
        int length = frame.length();
        if (length >= LARGE) {
            sendLarge(frame.direct());
            return;
        }
        if (out.remaining() < HEADER + length) {
            flush();
        }
        out.putInt(length).put(frame.direct());
    }

    private void sendLarge(ByteBuffer payload) throws IOException {
        if (out.remaining() < HEADER) {
            flush();
        }
        out.putInt(payload.remaining()).flip();
        ByteBuffer[] both = {out, payload};
        while (payload.hasRemaining()) {
            pipe.sink().write(both);
        }
        out.clear();
    }

    @Override
    public void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            pipe.sink().write(out);
        }
        out.clear();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        pipe.sink().close();
        reader.join();
    }
}
