package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.IncomingFrame;
import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.Mutations;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * A server that does all that servers do, as the first frame of a connection asks for, and what must hold of it after
 * whatever a peer has done.
 */
final class FuzzedServer implements AutoCloseable {
    /** What is done with a connection; the first frame is the name. */
    enum Use {
        ECHO,
        PIECES,
        FILES,
        ONE_FILE,
        REQUESTS,
        NOTHING;

        byte[] frame() {
            return name().getBytes(UTF_8);
        }

        static Use of(ByteBuffer frame) {
            String name = UTF_8.decode(frame).toString();
            return Arrays.stream(values())
                    .filter(use -> use.name().equals(name))
                    .findFirst()
                    .orElse(NOTHING);
        }
    }

    private static final Keys KEYS = Keys.of(Side.SECRET);
    private static final String UNTOUCHED = "untouched";
    /** So long a connection that nobody reads from keeps the next try waiting. */
    private static final Duration DRAIN = Duration.ofMillis(20);

    private static final long MEMORY = 64L << 20;

    private final Handshake handshake;
    private final Complaints complaints;
    private final Path directory;
    private final Path root;
    private final long usedBefore = usedBytes();
    private final LongAdder handled = new LongAdder();
    private final Server server;
    private final EventLoopGroup clients =
            Transport.best().newEventLoopGroup(1, new DefaultThreadFactory("fuzzed-client", true));

    FuzzedServer(Handshake handshake, boolean web, Complaints complaints) throws IOException {
        this.handshake = handshake;
        this.complaints = complaints;
        directory = Files.createTempDirectory("mutil-fuzz");
        root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(directory.resolve(UNTOUCHED), UNTOUCHED);
        server = Server.builder(KEYS)
                .handshake(handshake)
                .listen(web ? Endpoint.webSocket(0, "/") : Endpoint.tcp(0))
                .failedAttempts(0)
                .inboundBufferBytes(4096)
                .drainTimeout(DRAIN)
                .onConnection(this::serve)
                .start();
    }

    Server server() {
        return server;
    }

    private void serve(Connection connection) {
        try {
            serve(connection, () -> {
                ByteBuffer first = connection.read();
                if (first != null) {
                    use(connection, Use.of(first));
                }
            });
        } finally {
            handled.increment();
        }
    }

    /** Uses the connection until it ends; at most the connection fails. */
    void serve(Connection connection, Use use) {
        serve(connection, () -> use(connection, use));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void serve(Connection connection, Work work) {
        var unused = connection.closed().thenAccept(this::check);
        try {
            work.run();
        } catch (IOException | IllegalStateException | IllegalArgumentException | InterruptedException e) {
            check(e);
            var unusedToo = connection.closeAsync();
        }
    }

    private void use(Connection connection, Use use) throws IOException, InterruptedException {
        switch (use) {
            case ECHO -> {
                for (ByteBuffer next = connection.read(); next != null; next = connection.read()) {
                    connection.write(next);
                }
            }
            case PIECES -> {
                for (IncomingFrame next = connection.next(); next != null; next = connection.next()) {
                    if (next.length() % 2 == 0) {
                        while (next.read() != null) {}
                    }
                    next.close();
                }
            }
            case FILES -> {
                FileRoot files = FileRoot.of(root).maxBytes(100_000);
                while (handshake == Handshake.VERSION_2 && files.receive(connection) != null) {}
            }
            case ONE_FILE -> {
                FileTarget target =
                        FileTarget.of(root.resolve("target")).prefixBytes(3).maxBytes(100_000);
                while (connection.receiveFile(target) != null) {}
            }
            case REQUESTS -> {
                if (handshake == Handshake.VERSION_2) {
                    Requests.on(connection, FuzzedServer::answer, 2);
                }
                while (connection.read() != null) {}
            }
            case NOTHING -> {}
        }
    }

    private static ByteBuffer answer(ByteBuffer request) throws RequestFailedException {
        if (request.remaining() % 3 == 0) {
            throw new RequestFailedException("not divided by three");
        }
        return request;
    }

    /** The failures that a peer can cause are those of its connection; all others are ours. */
    private void check(Exception failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            boolean documented = e instanceof IOException
                    || (e instanceof IllegalStateException && message.matches("(?s)a (file|request) is .*"))
                    || (e instanceof IllegalArgumentException && message.contains("exceeds"));
            if (!documented) {
                complaints.add("from a connection", failure);
            }
        }
    }

    private void check(CloseReason reason) {
        if (reason.reason().startsWith("connection failed")
                && !reason.reason().contains("IOException")
                && !reason.reason().contains("SocketException")) {
            complaints.add("connection ended with " + reason);
        }
    }

    /** All of the peers before are gone without a trace, and the next one is served. */
    void assertUnharmed() throws Exception {
        Eventually.until("connections ended", () -> server.connections().isEmpty());
        Eventually.until("handlers ended", () -> server.stats().accepted() == handled.sum());
        Eventually.until("challenges retired", () -> IssuedChallenges.PROCESS.size() == 0);
        assertThat(names(root)).noneMatch(name -> name.endsWith(".part"));
        assertThat(names(directory)).containsExactlyInAnyOrder("root", UNTOUCHED);
        assertThat(directory.resolve(UNTOUCHED)).hasContent(UNTOUCHED);
        assertThat(server.stats().queuedBytes() + server.stats().unreadBytes()).isZero();
        assertThat(usedBytes() - usedBefore).isLessThan(MEMORY);
        assertServes();
        assertThat(complaints.all()).isEmpty();
        clear(root);
    }

    private static Stream<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long usedBytes() {
        var metric = ((ByteBufAllocatorMetricProvider) Transport.best().allocator()).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    Client.Builder client(Endpoint endpoint) {
        return Client.builder(endpoint, KEYS)
                .handshake(handshake)
                .drainTimeout(DRAIN)
                .eventLoops(clients);
    }

    private void assertServes() throws Exception {
        ByteBuffer payload = ByteBuffer.wrap(Mutations.random(5000, new Random(1)));
        try (Connection honest = client(server.endpoint())
                .drainTimeout(Duration.ofSeconds(30))
                .handshakeTimeout(Duration.ofSeconds(30))
                .connect()) {
            honest.write(ByteBuffer.wrap(Use.ECHO.frame()));
            honest.write(payload.duplicate());
            assertThat(honest.read()).isEqualTo(payload);
        }
    }

    private static void clear(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            if (!file.equals(directory)) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        clients.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        clear(directory);
        Files.delete(directory);
    }
}
