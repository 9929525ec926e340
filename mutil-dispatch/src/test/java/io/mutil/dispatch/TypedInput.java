package io.mutil.dispatch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The keys that a test types. */
final class TypedInput extends InputStream {
    private static final int END = -1;

    private final BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();

    void type(String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            keys.add(b & 0xff);
        }
    }

    /** No more is typed. */
    void end() {
        keys.add(END);
    }

    @Override
    public int read() throws IOException {
        try {
            int key = keys.take();
            if (key == END) {
                keys.add(END);
            }
            return key;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int key = read();
        if (key == END) {
            return -1;
        }
        to[offset] = (byte) key;
        return 1;
    }
}
