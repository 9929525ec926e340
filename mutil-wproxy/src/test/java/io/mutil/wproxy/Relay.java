package io.mutil.wproxy;

import io.mutil.testkit.Background;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** Passes bytes on to a server, and harms the newest connection on command. */
final class Relay implements AutoCloseable {
    private static final int SMALL = 16 << 10;

    private final ServerSocket listening = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final URI target;
    private final List<Link> links = new CopyOnWriteArrayList<>();

    /** A connection to this, and one from this to the server. */
    private static final class Link {
        private final Socket client;
        private final Socket server;
        private final ReentrantLock writing = new ReentrantLock();
        private final CountDownLatch thawed = new CountDownLatch(1);
        private volatile boolean frozen;
        private volatile boolean swallowing;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void begin() {
            var unused = Background.run(() -> pass(client, server));
            var unused2 = Background.run(() -> pass(server, client));
        }

        private void pass(Socket from, Socket to) throws IOException, InterruptedException {
            var buffer = new byte[SMALL];
            InputStream in = from.getInputStream();
            int read;
            while ((read = in.read(buffer)) > 0) {
                if (frozen) {
                    thawed.await();
                }
                if (!swallowing) {
                    write(to, buffer, read);
                }
            }
            if (!swallowing) {
                to.shutdownOutput();
            }
        }

        void write(Socket to, byte[] bytes, int length) throws IOException {
            writing.lock();
            try {
                to.getOutputStream().write(bytes, 0, length);
            } finally {
                writing.unlock();
            }
        }

        void close() throws IOException {
            thawed.countDown();
            client.close();
            server.close();
        }
    }

    Relay(URI target) throws IOException {
        this.target = target;
        var unused = Background.run(this::accept);
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            client.setTcpNoDelay(true);
            var server = new Socket();
            server.setReceiveBufferSize(SMALL);
            server.setTcpNoDelay(true);
            try {
                server.connect(new InetSocketAddress(target.getHost(), target.getPort()));
            } catch (IOException e) {
                client.close();
                continue;
            }
            var link = new Link(client, server);
            links.add(link);
            link.begin();
        }
    }

    URI uri() {
        return URI.create(target.getScheme() + "://127.0.0.1:" + listening.getLocalPort() + target.getPath());
    }

    /** Half-open: the other end is gone, and nobody says so. */
    void swallow() {
        newest().swallowing = true;
    }

    /** What is sent piles up. */
    void freeze() {
        newest().frozen = true;
    }

    void thaw() {
        newest().frozen = false;
        newest().thawed.countDown();
    }

    /** The client gets the end of the stream. */
    void end() throws IOException {
        Link link = newest();
        link.swallowing = true;
        link.client.shutdownOutput();
        link.server.close();
    }

    /** The client gets a reset. */
    void reset() throws IOException {
        Link link = newest();
        link.swallowing = true;
        link.client.setSoLinger(true, 0);
        link.close();
    }

    /** The client gets these bytes, as if they came from the server. */
    void inject(byte[] bytes) throws IOException {
        newest().write(newest().client, bytes, bytes.length);
    }

    private Link newest() {
        return links.get(links.size() - 1);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Link link : links) {
            link.close();
        }
    }
}
