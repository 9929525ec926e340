package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;

/** Speaks RFC 6455 with a mask of zeros. */
final class RawWebSocket extends RawPeer {
    private static final String UPGRADE = """
            GET / HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;
    private static final int FINAL_TEXT = 0x81;
    private static final int FIRST_TEXT = 0x01;
    private static final int CLOSE = 0x88;

    RawWebSocket(URI uri) throws IOException {
        super(uri);
        write(UPGRADE.getBytes(US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in().readUnsignedByte());
        }
        if (head.indexOf("HTTP/1.1 101 ") != 0) {
            throw new IOException("no upgrade: " + head);
        }
    }

    @Override
    byte[] message(String text) {
        return frame(FINAL_TEXT, text.getBytes(UTF_8));
    }

    @Override
    byte[] firstPart(String text) {
        return frame(FIRST_TEXT, text.getBytes(UTF_8));
    }

    private static byte[] frame(int firstByte, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(firstByte);
        if (payload.length <= 125) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        out.writeBytes(new byte[4]);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** Begins a frame of less than 126 bytes, and sends so much of its payload. */
    void begin(byte first, int announced, String payload) throws IOException {
        write(new byte[] {first, (byte) (0x80 | announced), 0, 0, 0, 0});
        write(payload.getBytes(UTF_8));
    }

    @Override
    String next() throws IOException {
        while (true) {
            int first = in().readUnsignedByte();
            byte[] payload = read(length());
            if (first == FINAL_TEXT) {
                return new String(payload, UTF_8);
            }
            if (first == CLOSE) {
                throw new EOFException("closed by the other end");
            }
        }
    }

    private int length() throws IOException {
        int length = in().readUnsignedByte();
        return length == 127 ? Math.toIntExact(in().readLong()) : length == 126 ? in().readUnsignedShort() : length;
    }

    @Override
    void sayGoodbye() throws IOException {
        write(frame(CLOSE, new byte[] {1000 >> 8, (byte) 1000}));
        end();
    }
}
