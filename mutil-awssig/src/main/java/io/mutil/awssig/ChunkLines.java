package io.mutil.awssig;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Lines and bytes of a body in chunks. Nothing in it is unbounded, and its end is never taken for that of the body. */
final class ChunkLines implements Closeable {
    private static final int MAX_LINE = 1024;

    private final InputStream in;

    ChunkLines(InputStream raw) {
        in = new BufferedInputStream(raw);
    }

    /** The next line without its end, which is CR LF. */
    String line() throws IOException {
        return line(false);
    }

    /** The same of a trailer, where minio-go has LF CR LF behind a header. */
    String trailerLine() throws IOException {
        return line(true);
    }

    private String line(boolean oneMoreLineFeed) throws IOException {
        var line = new StringBuilder();
        for (int b = next(); b != '\r'; b = next()) {
            if (b == '\n' && oneMoreLineFeed && line.length() > 0) {
                expect('\r');
                break;
            }
            if (b < ' ' || b >= 0x7F || line.length() == MAX_LINE) {
                throw new BodyRefusedException("a line between chunks must be ASCII of at most " + MAX_LINE
                        + " characters, and end with CR LF");
            }
            line.append((char) b);
        }
        expect('\n');
        return line.toString();
    }

    private void expect(char end) throws IOException {
        if (next() != end) {
            throw new BodyRefusedException("a line between chunks must end with CR LF");
        }
    }

    void expectLineEnd() throws IOException {
        if (next() != '\r' || next() != '\n') {
            throw new BodyRefusedException("a chunk must end with CR LF after as many bytes as it says");
        }
    }

    void expectEnd() throws IOException {
        if (in.read() >= 0) {
            throw new BodyRefusedException("there are bytes after the last chunk");
        }
    }

    /** At least one byte. */
    int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        if (read < 0) {
            throw ended();
        }
        return read;
    }

    private int next() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw ended();
        }
        return b;
    }

    private static BodyRefusedException ended() {
        return new BodyRefusedException("the body ended before its last chunk");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
