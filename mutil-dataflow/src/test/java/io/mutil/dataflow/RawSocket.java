package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;

/** A WebSocket client that breaks the rules: it reads nothing, says half, and leaves without a word. */
final class RawSocket implements AutoCloseable {
    private static final String HANDSHAKE = """
            GET / HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    private final Socket socket;

    RawSocket(URI uri) throws IOException {
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(30_000);
        write(HANDSHAKE.getBytes(US_ASCII));
        readHead(socket.getInputStream());
    }

    private static void readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no upgrade: " + head);
        }
    }

    private void write(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Begins a frame of less than 126 bytes, and sends so much of its payload; its mask is all zero. */
    void frame(byte first, int announced, String payload) throws IOException {
        write(first, (byte) (0x80 | announced), (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        write(payload.getBytes(US_ASCII));
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
