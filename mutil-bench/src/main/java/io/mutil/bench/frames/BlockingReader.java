package io.mutil.bench.frames;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Pipe;

/** The reading half of {@link BlockingPipe}. */
final class BlockingReader implements Runnable {
    private static final int HEADER = 4;
    private static final int BUFFER = 64 << 10;
    private static final int LARGE = BUFFER / 4;

    private final Pipe.SourceChannel source;
    private final Receipt receipt;
    private final boolean copies;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer large = ByteBuffer.allocateDirect(0);

    BlockingReader(Pipe.SourceChannel source, Receipt receipt, boolean copies) {
        this.source = source;
        this.receipt = receipt;
        this.copies = copies;
    }

    @Override
    public void run() {
        try (source) {
            while (source.read(in) >= 0) {
                in.flip();
                parse();
                in.compact();
            }
        } catch (IOException | RuntimeException e) {
            receipt.fail(e);
        }
    }

    private void parse() throws IOException {
        while (in.remaining() >= HEADER) {
            int length = in.getInt(in.position());
            if (length >= LARGE) {
                in.position(in.position() + HEADER);
                readLarge(length);
            } else if (in.remaining() < HEADER + length) {
                return;
            } else {
                int start = in.position() + HEADER;
                in.position(start + length);
                hand(in.slice(start, length));
            }
        }
    }

    /** Reads the rest of a large frame to where it stays, and what comes behind it into the emptied buffer. */
    private void readLarge(int length) throws IOException {
        if (large.capacity() < length) {
            large = ByteBuffer.allocateDirect(length);
        }
        large.clear().limit(length);
        int here = Math.min(length, in.remaining());
        large.put(in.slice(in.position(), here));
        in.position(in.position() + here);
        if (large.hasRemaining()) {
            in.clear();
            ByteBuffer[] both = {large, in};
            while (large.hasRemaining()) {
                if (source.read(both) < 0) {
                    throw new EOFException("pipe ended within a frame");
                }
            }
            in.flip();
        }
        hand(large.flip().slice());
    }

    private void hand(ByteBuffer frame) {
        receipt.accept(
                copies ? ByteBuffer.allocate(frame.remaining()).put(frame).flip() : frame);
    }
}
