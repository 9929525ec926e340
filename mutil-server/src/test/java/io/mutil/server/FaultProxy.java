package io.mutil.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Relays connections to a server, and hurts them at exact bytes. Faults are set per connection and direction. */
final class FaultProxy implements Closeable {
    /** What happens to a direction behind so many bytes. */
    enum Fault {
        /** Nothing. */
        PASS,
        /** From there on every byte leaves by itself. */
        SPLIT,
        /** From there on nothing leaves before {@link Link#release}. */
        HOLD,
        /** Both ends are reset. */
        RESET,
        /** The receiver gets the end of the stream, and what the sender says is dropped. */
        END,
        /** Half-open: both directions stop, and what is sent piles up. */
        STALL,
        /** Half-open: both directions stop, and what is sent is dropped. */
        SWALLOW
    }

    /** A fault and how many bytes pass before it. */
    record Plan(Fault fault, long after) {
        static final Plan PASS = new Plan(Fault.PASS, 0);
    }

    private final ServerSocketChannel listening;
    private final Endpoint target;
    private final Queue<Link> links = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();
    private volatile Plan up = Plan.PASS;
    private volatile Plan down = Plan.PASS;

    private FaultProxy(ServerSocketChannel listening, Endpoint target) {
        this.listening = listening;
        this.target = target;
    }

    static FaultProxy before(Server server) throws IOException {
        return before(server.endpoint());
    }

    static FaultProxy before(Endpoint target) throws IOException {
        var proxy = new FaultProxy(listen(target), target);
        daemon(proxy::accept);
        return proxy;
    }

    private static ServerSocketChannel listen(Endpoint target) throws IOException {
        if (target instanceof Endpoint.Unix) {
            Path path = Files.createTempDirectory("mutil").resolve("p");
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path), 1024);
        }
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where a client connects instead of the server. */
    Endpoint endpoint() throws IOException {
        SocketAddress address = listening.getLocalAddress();
        if (address instanceof UnixDomainSocketAddress unix) {
            return Endpoint.unix(unix.getPath());
        }
        int port = ((InetSocketAddress) address).getPort();
        return target instanceof Endpoint.Web web ? Endpoint.webSocket(port, web.path()) : Endpoint.tcp(port);
    }

    /** What connections begin with from now on. */
    FaultProxy plan(Plan up, Plan down) {
        this.up = up;
        this.down = down;
        return this;
    }

    /** The connections in the order in which they come. */
    Link next() throws InterruptedException {
        Link link = accepted.poll(30, TimeUnit.SECONDS);
        if (link == null) {
            throw new AssertionError("nobody connects to " + target);
        }
        return link;
    }

    private void accept() {
        try {
            while (true) {
                begin(listening.accept());
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void begin(SocketChannel client) throws IOException {
        SocketChannel server;
        try {
            server = SocketChannel.open(
                    target instanceof Endpoint.Unix unix
                            ? UnixDomainSocketAddress.of(unix.path())
                            : new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()));
        } catch (IOException e) {
            client.close();
            return;
        }
        var link = new Link(client, server);
        link.up.arm(up);
        link.down.arm(down);
        links.removeIf(Link::isClosed);
        links.add(link);
        accepted.add(link);
        if (!listening.isOpen()) {
            link.close();
        }
        link.start();
    }

    @Override
    public void close() throws IOException {
        Endpoint own = endpoint();
        listening.close();
        links.forEach(Link::close);
        Way.clean(own);
    }

    /** One relayed connection. */
    static final class Link {
        private final SocketChannel client;
        private final SocketChannel server;
        private final Flow up;
        private final Flow down;
        private final CountDownLatch released = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile @Nullable Fault broken;

        private Link(SocketChannel client, SocketChannel server) throws IOException {
            this.client = client;
            this.server = server;
            if (client.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            this.up = new Flow(this, client, server);
            this.down = new Flow(this, server, client);
        }

        private void start() {
            daemon(up);
            daemon(down);
        }

        /** From the client to the server. */
        Flow up() {
            return up;
        }

        /** From the server to the client. */
        Flow down() {
            return down;
        }

        /** Lets go what is held. */
        void release() {
            released.countDown();
        }

        /** Whether a fault has come upon it. */
        boolean isStruck() {
            return up.struck || down.struck;
        }

        private boolean isClosed() {
            return closed.getCount() == 0;
        }

        void reset() {
            linger(client);
            linger(server);
            close();
        }

        private static void linger(SocketChannel socket) {
            try {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // closed already
            }
        }

        void close() {
            try (client;
                    server) {
                closed.countDown();
            } catch (IOException e) {
                // as closed as it gets
            }
            release();
        }

        private void ended() {
            if (up.ended && down.ended) {
                close();
            }
        }
    }

    /** One direction of a connection. */
    static final class Flow implements Runnable {
        private final Link link;
        private final SocketChannel from;
        private final SocketChannel to;
        private Fault fault = Fault.PASS;
        private long at;
        private long passed;
        private volatile boolean struck;
        private volatile boolean ended;
        private volatile boolean dropping;

        private Flow(Link link, SocketChannel from, SocketChannel to) {
            this.link = link;
            this.from = from;
            this.to = to;
        }

        /** How many bytes have passed. */
        synchronized long passed() {
            return passed;
        }

        /** Sets a fault behind so many bytes more. While nothing flows; the last bytes may be on their way. */
        void arm(Plan plan) throws IOException {
            synchronized (this) {
                fault = plan.fault();
                at = passed + plan.after();
            }
            if (isDue() && plan.fault() != Fault.HOLD) {
                strike();
            }
        }

        private synchronized boolean isDue() {
            return fault != Fault.PASS && passed == at;
        }

        /** How many of these bytes may leave at once. They count as passed before they are seen at the other end. */
        private synchronized int admit(int count) {
            int most = fault == Fault.PASS || passed > at ? count : (int) Math.min(count, at - passed);
            int admitted = fault == Fault.SPLIT && passed >= at ? 1 : most;
            passed += admitted;
            return admitted;
        }

        @Override
        public void run() {
            ByteBuffer bytes = ByteBuffer.allocateDirect(64 << 10);
            try {
                while (from.read(bytes.clear()) >= 0) {
                    relay(bytes.flip());
                }
                end();
            } catch (IOException | InterruptedException e) {
                if (link.broken == null) {
                    link.reset();
                }
            }
        }

        private void relay(ByteBuffer bytes) throws IOException, InterruptedException {
            int all = bytes.limit();
            while (bytes.position() < all) {
                if (isDue()) {
                    strike();
                    if (fault() == Fault.HOLD) {
                        link.released.await();
                        pass();
                    }
                }
                if (link.broken == Fault.STALL) {
                    link.closed.await();
                    return;
                }
                if (dropping || link.broken != null) {
                    return;
                }
                bytes.limit(bytes.position() + admit(all - bytes.position()));
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes.limit(all);
            }
            if (isDue() && fault() != Fault.HOLD) {
                strike();
            }
        }

        private synchronized Fault fault() {
            return fault;
        }

        private synchronized void pass() {
            fault = Fault.PASS;
        }

        private void strike() throws IOException {
            struck = true;
            switch (fault()) {
                case RESET -> {
                    link.broken = Fault.RESET;
                    link.reset();
                }
                case END -> {
                    dropping = true;
                    endOutput();
                }
                case STALL, SWALLOW -> link.broken = fault();
                default -> {}
            }
        }

        /** The sender has ended its half. */
        private void end() throws IOException {
            if (link.broken == null) {
                endOutput();
                ended = true;
                link.ended();
            }
        }

        private void endOutput() throws IOException {
            if (to.isOpen()) {
                to.shutdownOutput();
            }
        }
    }
}
