package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** A client of a network level on a bare socket, where a test decides about every byte and can cut the line. */
abstract class RawPeer implements Closeable {
    private static final int SMALL = 1 << 16;

    private final Socket socket;
    private final DataInputStream in;

    /** Connects; the kernel holds little of what comes and is not read. */
    RawPeer(URI uri) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(SMALL);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** A whole message as it travels. */
    abstract byte[] message(String text);

    /** The first of several parts of a message as it travels; where there are no parts, a piece of it. */
    abstract byte[] firstPart(String text);

    /** The next message. */
    abstract String next() throws IOException;

    /** Says that it goes, and waits for the answer. */
    abstract void sayGoodbye() throws IOException;

    final void send(String text) throws IOException {
        write(message(text));
    }

    final void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    final DataInputStream in() {
        return in;
    }

    final byte[] read(int bytes) throws IOException {
        byte[] all = new byte[bytes];
        in.readFully(all);
        return all;
    }

    final String readText(int bytes) throws IOException {
        return new String(read(bytes), UTF_8);
    }

    /** Sends nothing more, and waits for the other end to do the same. */
    final void end() throws IOException {
        socket.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** Ends the connection without a word, whatever is on its way. */
    final void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends the connection behind what was sent, without a word of its protocol. */
    final void leave() throws IOException {
        socket.close();
    }

    @Override
    public final void close() throws IOException {
        leave();
    }
}
