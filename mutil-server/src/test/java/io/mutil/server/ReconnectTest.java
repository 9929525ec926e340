package io.mutil.server;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.MultithreadEventLoopGroup;
import java.net.ConnectException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReconnectTest {
    private final Recorder recorder = new Recorder();
    private final AtomicInteger delays = new AtomicInteger();

    private WebSocketClient start(WebSocketServer server) {
        return WebSocketClient.builder(server.uri(), recorder)
                .backoff(new Backoff(ofMillis(10), ofMillis(10), ofSeconds(30)))
                .random(() -> {
                    delays.incrementAndGet();
                    return 0.9;
                })
                .start();
    }

    @Test
    void comesBackWhenTheServerIsRestarted() throws Exception {
        WebSocketServer first = WebSocketServer.builder(new Echo()).start();
        try (WebSocketClient client = start(first)) {
            assertThat(recorder.next()).isEqualTo("open");
            first.close();
            assertThat(recorder.next()).isEqualTo("close 1001 server shuts down");

            try (var second =
                    WebSocketServer.builder(new Echo()).port(first.port()).start()) {
                assertThat(recorder.next()).isEqualTo("open");
                client.socket().ifPresent(socket -> socket.sendAsync("again").join());
                assertThat(client.stats().connects()).isPositive();
                assertThat(delays).hasPositiveValue();
                client.closeAsync().get(30, TimeUnit.SECONDS);
                assertThat(recorder.next("close")).isEqualTo("close 1000");
                assertThat(second.port()).isEqualTo(first.port());
            }
            assertThat(client.socket()).isEmpty();
        }
    }

    @Test
    void closesWhileItWaitsForTheNextAttempt() throws Exception {
        WebSocketServer server = WebSocketServer.builder(new Echo()).start();
        var client = WebSocketClient.builder(server.uri(), recorder)
                .backoff(new Backoff(ofSeconds(1000), ofSeconds(1000), ofSeconds(30)))
                .random(() -> {
                    delays.incrementAndGet();
                    return 0.9;
                })
                .start();
        recorder.next("open");
        server.close();
        recorder.next("close");

        client.closeAsync().get(30, TimeUnit.SECONDS);
        client.close();

        assertThat(client.stats().connected()).isFalse();
    }

    /** A connection that is made at once, and ended by whoever completes {@code end}. */
    private static class OneConnection implements Reconnecting.Source<String> {
        final CompletableFuture<String> opened = new CompletableFuture<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();

        @Override
        public CompletableFuture<String> connect() {
            return CompletableFuture.completedFuture("connection");
        }

        @Override
        public void connected(String connection) {
            opened.complete(connection);
        }

        @Override
        public void whenEnded(String connection, Runnable action) {
            var unused = end.thenRun(action);
        }

        @Override
        public void close(String connection) {
            end.complete(null);
        }
    }

    @Test
    void goesOnAfterAnAttemptThatThrows() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var source = new OneConnection() {
            private int attempts;

            @Override
            public CompletableFuture<String> connect() {
                if (attempts++ < 2) {
                    throw new IllegalStateException("planted by a test");
                }
                return CompletableFuture.completedFuture("attempt " + attempts);
            }

            @Override
            public void failed(Throwable why) {
                told.add(String.valueOf(why.getMessage()));
                throw new IllegalStateException("planted by a test, too");
            }
        };
        var counters = new Counters();
        var connections = new Reconnecting<>(
                source,
                new Backoff(ofMillis(1), ofMillis(1), ofSeconds(30)),
                () -> 0,
                Loops.owned(Transport.best(), "reconnect-test", 1),
                counters,
                System.getLogger(ReconnectTest.class.getName()));

        connections.start();

        assertThat(source.opened.get(30, TimeUnit.SECONDS)).isEqualTo("attempt 3");
        assertThat(counters.refused.sum()).isEqualTo(2);
        assertThat(told).containsExactly("planted by a test", "planted by a test");
        connections.closeAsync().get(30, TimeUnit.SECONDS);
    }

    @Test
    void closesAConnectionThatEndsInThatMoment() throws Exception {
        var source = new OneConnection();
        var group = new OneLoop(() -> source.end.complete(null));
        var connections = new Reconnecting<>(
                source,
                new Backoff(ofSeconds(1000), ofSeconds(1000), ofSeconds(30)),
                () -> 0.9,
                new Loops(group, true),
                new Counters(),
                System.getLogger(ReconnectTest.class.getName()));
        connections.start();
        assertThat(source.opened.get(30, TimeUnit.SECONDS)).isEqualTo("connection");

        group.armed.set(true);
        CompletableFuture<Void> closed = connections.closeAsync();

        closed.get(30, TimeUnit.SECONDS);
        assertThat(connections.current()).isNull();
    }

    /** Before a task comes from outside once more, something happens, and its consequences. */
    private static final class OneLoop extends MultithreadEventLoopGroup {
        private final AtomicBoolean armed = new AtomicBoolean();
        private final Runnable before;

        OneLoop(Runnable before) {
            super(1, (Executor) null);
            this.before = before;
        }

        @Override
        protected EventLoop newChild(Executor executor, Object... args) {
            return new DefaultEventLoop(this, executor) {
                @Override
                public void execute(Runnable task) {
                    if (armed.compareAndSet(true, false)) {
                        before.run();
                        submit(() -> {}).syncUninterruptibly();
                        if (isShuttingDown()) {
                            terminationFuture().syncUninterruptibly();
                        }
                    }
                    super.execute(task);
                }
            };
        }
    }

    @Test
    void tellsOfAnAttemptThatFailed() throws Exception {
        int free;
        try (var taken = new java.net.ServerSocket(0)) {
            free = taken.getLocalPort();
        }
        var why = new CompletableFuture<Throwable>();

        try (var client = WebSocketClient.builder(URI.create("ws://127.0.0.1:" + free + "/?key=secret"), recorder)
                .onFailedAttempt(why::complete)
                .start()) {
            assertThat(why.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("127.0.0.1:" + free)
                    .hasMessageNotContaining("secret");
            assertThat(client.stats().failures()).isPositive();
        }
    }

    @Test
    void portOutOfRangeIsRefusedAtTheCall() {
        assertThatThrownBy(() -> WebSocketClient.builder(URI.create("ws://127.0.0.1:99999/"), recorder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99999");
    }

    @Test
    void closesWhileItConnects() throws Exception {
        try (var silent = new java.net.ServerSocket(0)) {
            var client = WebSocketClient.builder(URI.create("ws://127.0.0.1:" + silent.getLocalPort()), recorder)
                    .start();
            try (var accepted = silent.accept()) {
                client.close();
                assertThat(accepted.isConnected()).isTrue();
            }
        }
        assertThat(recorder.events).isEmpty();
    }
}
