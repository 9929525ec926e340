package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A client that writes what a test wants on the wire, right or wrong. */
final class RawClient implements Closeable {
    private final Socket socket;
    private final DataInputStream in;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    static RawClient upgraded(int port) throws IOException {
        var client = new RawClient(port);
        client.write(handshake("Host: localhost\r\n"));
        String answer = client.readHead();
        if (!answer.startsWith("HTTP/1.1 101 ")) {
            throw new IOException(answer);
        }
        return client;
    }

    /** A correct request with these further headers, each ended by CRLF. */
    static String handshake(String headers) {
        return "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
    }

    RawClient write(String ascii) throws IOException {
        return write(ascii.getBytes(US_ASCII));
    }

    RawClient write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Writes a frame with an all-zero mask, so that the payload is readable in a dump. */
    RawClient frame(int firstByte, byte[] payload) throws IOException {
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
        return write(out.toByteArray());
    }

    RawClient text(String text) throws IOException {
        return frame(0x81, text.getBytes(UTF_8));
    }

    String readHead() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** The first line of an HTTP answer, after reading it to the end. */
    String readStatus() throws IOException {
        String all = new String(in.readAllBytes(), US_ASCII);
        int end = all.indexOf("\r\n");
        return end < 0 ? all : all.substring(0, end);
    }

    static final class Frame {
        private final int firstByte;
        private final byte[] payload;

        Frame(int firstByte, byte[] payload) {
            this.firstByte = firstByte;
            this.payload = payload;
        }

        int firstByte() {
            return firstByte;
        }

        byte[] payload() {
            return payload;
        }

        int closeCode() {
            return (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        }

        String text() {
            return new String(payload, UTF_8);
        }
    }

    Frame readFrame() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        var payload = new byte[length];
        in.readFully(payload);
        return new Frame(first, payload);
    }

    /** The code of the close frame, after which nothing else must come. */
    int readCloseCode() throws IOException {
        Frame frame = readFrame();
        while (frame.firstByte() != 0x88) {
            frame = readFrame();
        }
        return frame.closeCode();
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection without a word. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Waits for the other end to close, whatever it still says; that it resets the connection is also a close. */
    void readToEnd() throws IOException {
        try {
            while (in.read() >= 0) {}
        } catch (java.net.SocketException reset) {
            return;
        }
    }

    boolean isConnected() {
        return socket.isConnected();
    }

    boolean isAtEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException | java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
