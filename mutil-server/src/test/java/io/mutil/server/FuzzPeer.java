package io.mutil.server;

import io.mutil.testkit.Mutations;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A client that speaks a handshake as it should, over TCP or a WebSocket, and afterwards says whatever a test wants. */
interface FuzzPeer extends Closeable {
    static FuzzPeer connect(Server server) throws IOException {
        return server.endpoint() instanceof Endpoint.Web
                ? new Web(RawClient.upgraded(server.endpoint().port()))
                : new Tcp(RawPeer.connect(server));
    }

    /** Sends some bytes of the stream; that nobody takes them any more is as good. */
    void say(byte[] bytes);

    /** What comes next of the stream; nothing at its end. */
    byte[] hear() throws IOException;

    /** Ends this half of the connection and waits for the end of the other. */
    void finish() throws IOException;

    /** Sends bytes that are no part of the stream. */
    void sayRaw(byte[] bytes);

    /** Lets this side talk until it agrees, refuses, or the other end closes; returns what it has said. */
    default List<byte[]> talk(Side side) throws IOException {
        return talk(side, Integer.MAX_VALUE, bytes -> bytes);
    }

    /** The same, but stops behind so many messages, the last of which is changed. */
    default List<byte[]> talk(Side side, int messages, UnaryOperator<byte[]> last) throws IOException {
        var said = new ArrayList<byte[]>();
        byte[] next = side.begin();
        while (true) {
            if (next.length > 0) {
                said.add(next);
                say(said.size() == messages ? last.apply(next) : next);
            }
            byte[] heard = said.size() < messages && side.open() ? hear() : new byte[0];
            if (heard.length == 0) {
                return said;
            }
            next = side.hear(heard);
        }
    }

    /** The stream itself. */
    final class Tcp implements FuzzPeer {
        private final RawPeer peer;

        Tcp(RawPeer peer) {
            this.peer = peer;
        }

        @Override
        public void say(byte[] bytes) {
            try {
                peer.write(bytes);
            } catch (IOException e) {
                return; // closed by the server, as the next thing heard tells
            }
        }

        @Override
        public void sayRaw(byte[] bytes) {
            say(bytes);
        }

        @Override
        public byte[] hear() throws IOException {
            return peer.readSome();
        }

        @Override
        public void finish() throws IOException {
            try {
                peer.endOutput();
            } catch (SocketException e) {
                return;
            }
            peer.readToEnd();
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }

    /** The stream in binary messages of random length, some of them in fragments. */
    final class Web implements FuzzPeer {
        private final RawClient client;
        private final Random random = new Random(1);

        Web(RawClient client) {
            this.client = client;
        }

        @Override
        public void say(byte[] bytes) {
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(1000));
                int cut = at + random.nextInt(end - at + 1);
                frame(0x02, Arrays.copyOfRange(bytes, at, cut));
                frame(0x89, Mutations.random(random.nextInt(20), random));
                frame(0x80, Arrays.copyOfRange(bytes, cut, end));
                at = end;
            }
        }

        private void frame(int first, byte[] payload) {
            try {
                client.frame(first, payload);
            } catch (IOException e) {
                return; // closed by the server, as the next thing heard tells
            }
        }

        @Override
        public void sayRaw(byte[] bytes) {
            try {
                client.write(bytes);
            } catch (IOException e) {
                return;
            }
        }

        @Override
        public byte[] hear() throws IOException {
            while (true) {
                RawClient.Frame frame;
                try {
                    frame = client.readFrame();
                } catch (EOFException | SocketException e) {
                    return new byte[0];
                }
                int opcode = frame.firstByte() & 0x0F;
                if (opcode == 8) {
                    return new byte[0];
                }
                if (opcode <= 2 && frame.payload().length > 0) {
                    return frame.payload();
                }
            }
        }

        @Override
        public void finish() throws IOException {
            try {
                client.endOutput();
            } catch (SocketException e) {
                return;
            }
            client.readToEnd();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
