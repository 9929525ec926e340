package io.mutil.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A socket that says what a test wants where a handshake is expected. */
final class RawPeer implements Closeable {
    private final Socket socket;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
    }

    static RawPeer connect(Server server) throws IOException {
        return new RawPeer(
                new Socket(InetAddress.getLoopbackAddress(), server.endpoint().port()));
    }

    RawPeer write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    byte[] read(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
    }

    /** What has come, at least one byte; nothing at the end. */
    byte[] readSome() throws IOException {
        byte[] room = new byte[4096];
        try {
            return Arrays.copyOf(room, Math.max(0, socket.getInputStream().read(room)));
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    /** What the other end still says before it closes; that it resets the connection is also a close. */
    int readToEnd() throws IOException {
        InputStream in = socket.getInputStream();
        int count = 0;
        try {
            while (in.read() >= 0) {
                count++;
            }
        } catch (SocketException reset) {
            return count;
        }
        return count;
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Lets this side talk until it agrees, refuses, or the other end closes; returns what it has said. */
    List<byte[]> talk(Side side, UnaryOperator<byte[]> saying, UnaryOperator<byte[]> hearing) throws IOException {
        var said = new ArrayList<byte[]>();
        byte[] next = side.begin();
        byte[] room = new byte[4096];
        try {
            while (true) {
                if (next.length > 0) {
                    said.add(next);
                    write(saying.apply(next));
                }
                int count = side.open() ? socket.getInputStream().read(room) : -1;
                if (count < 0) {
                    return said;
                }
                next = side.hear(hearing.apply(Arrays.copyOf(room, count)));
            }
        } catch (SocketException reset) {
            return said;
        }
    }

    List<byte[]> talk(Side side) throws IOException {
        return talk(side, bytes -> bytes, bytes -> bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
