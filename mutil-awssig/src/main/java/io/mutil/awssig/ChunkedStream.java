package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Encodes a body in chunks while it is read. One chunk at a time is in memory. */
final class ChunkedStream extends InputStream {
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int HEAD = 8 + ChunkedPayload.EXTENSION.length() + 2 * Sha256.LENGTH + LINE_END.length;

    private final InputStream source;
    private final ChunkedPayload payload;
    private final ChunkSigner signer;
    private final Checksum.Running checksum;
    private byte[] buffer; // a chunk's data from HEAD on, its head before it
    private long left;
    private int at;
    private int end;
    private boolean ended;

    ChunkedStream(InputStream source, ChunkedPayload payload, ChunkSigner signer) {
        this.source = source;
        this.payload = payload;
        this.signer = signer;
        Checksum kind = payload.checksum();
        checksum = (kind == null ? Checksum.CRC32 : kind).start();
        left = payload.length();
        buffer = new byte[HEAD + (int) Math.min(left, payload.chunkSize()) + LINE_END.length];
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (at == end && !encode()) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(buffer, at, target, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return end - at;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Fills the buffer with what comes next, if anything does. */
    private boolean encode() throws IOException {
        if (ended) {
            return false;
        }
        if (left > 0) {
            encodeChunk((int) Math.min(left, payload.chunkSize()));
        } else {
            encodeEnd();
        }
        return true;
    }

    private void encodeChunk(int size) throws IOException {
        int read = source.readNBytes(buffer, HEAD, size);
        if (read < size) {
            throw new EOFException("the body ended " + (left - read) + " bytes before the announced " + payload.length()
                    + "; give Payload.chunked its true length");
        }
        left -= size;
        if (payload.checksum() != null) {
            checksum.update(buffer, HEAD, size);
        }
        byte[] head = head(size);
        at = HEAD - head.length;
        System.arraycopy(head, 0, buffer, at, head.length);
        end = HEAD + size + LINE_END.length;
        System.arraycopy(LINE_END, 0, buffer, HEAD + size, LINE_END.length);
    }

    private byte[] head(int size) {
        String head = Integer.toHexString(size);
        if (payload.isSigned()) {
            head += ChunkedPayload.EXTENSION + signer.chunk(buffer, HEAD, size);
        }
        return (head + "\r\n").getBytes(ISO_8859_1);
    }

    private void encodeEnd() throws IOException {
        if (source.read() >= 0) {
            throw new IOException("the body goes on after the announced " + payload.length()
                    + " bytes; give Payload.chunked its true length");
        }
        ended = true;
        byte[] head = head(0);
        byte[] trailer = (trailer() + "\r\n").getBytes(ISO_8859_1);
        buffer = new byte[head.length + trailer.length];
        System.arraycopy(head, 0, buffer, 0, head.length);
        System.arraycopy(trailer, 0, buffer, head.length, trailer.length);
        at = 0;
        end = buffer.length;
    }

    private String trailer() {
        Checksum kind = payload.checksum();
        if (kind == null) {
            return "";
        }
        String line = kind.header() + ':' + checksum.value();
        return payload.isSigned()
                ? line + "\r\n" + ChunkedPayload.TRAILER_SIGNATURE + signer.trailer(line + "\n") + "\r\n"
                : line + "\r\n";
    }
}
