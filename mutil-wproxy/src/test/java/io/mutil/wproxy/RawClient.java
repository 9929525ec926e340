package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** A client that writes what a test wants on the wire, right or wrong. */
final class RawClient implements AutoCloseable {
    static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final String UPGRADE = """
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        """;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** What a frame began with, and what it held. */
    static final class Frame {
        private final int first;
        private final byte[] payload;

        private Frame(int first, byte[] payload) {
            this.first = first;
            this.payload = payload;
        }

        boolean isClose() {
            return first == CLOSE;
        }

        int closeCode() {
            return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }

        String text() {
            return new String(payload, UTF_8);
        }
    }

    private RawClient(int port) throws IOException {
        socket.setReceiveBufferSize(16 << 10);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
    }

    /** A client whose handshake has succeeded. */
    static RawClient of(WProxy proxy) throws IOException {
        var client = new RawClient(proxy.port());
        String head = client.request("/", UPGRADE + "Host: localhost\r\n");
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException(head);
        }
        return client;
    }

    /** The status that a handshake with these headers is answered with. */
    static int handshake(WProxy proxy, String path, String... headers) throws IOException {
        try (var client = new RawClient(proxy.port())) {
            return status(client.request(path, UPGRADE + lines(headers)));
        }
    }

    /** The answer to a request that is no handshake: head and body. */
    static String get(WProxy proxy, String path, String... headers) throws IOException {
        try (var client = new RawClient(proxy.port())) {
            String head = client.request(path, lines(headers));
            return head + new String(client.in.readAllBytes(), UTF_8);
        }
    }

    private static String lines(String... headers) {
        String given = String.join("\r\n", List.of(headers));
        String host = given.contains("Host: ") ? "" : "Host: localhost\r\n";
        return host + (given.isEmpty() ? "" : given + "\r\n");
    }

    static int status(String head) {
        return Integer.parseInt(head.substring(9, 12));
    }

    private String request(String path, String headers) throws IOException {
        write(("GET " + path + " HTTP/1.1\r\n" + headers + "\r\n").getBytes(UTF_8));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** With a mask of zeros. */
    void frame(int first, byte[] payload) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(first);
        out.write(0x80 | (payload.length <= 125 ? payload.length : 126));
        if (payload.length > 125) {
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        out.writeBytes(new byte[4]);
        out.writeBytes(payload);
        write(out.toByteArray());
    }

    void text(String text) throws IOException {
        frame(TEXT, text.getBytes(UTF_8));
    }

    Frame next() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        length = length == 127 ? Math.toIntExact(in.readLong()) : length == 126 ? in.readUnsignedShort() : length;
        var payload = new byte[length];
        in.readFully(payload);
        return new Frame(first, payload);
    }

    /** The code of the close frame, behind whatever comes before it. */
    int closeCode() throws IOException {
        Frame frame = next();
        while (!frame.isClose()) {
            frame = next();
        }
        return frame.closeCode();
    }

    /** Vanishes with a reset instead of an end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
