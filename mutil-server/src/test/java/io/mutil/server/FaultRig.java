package io.mutil.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Eventually;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A server whose clients come through a {@link FaultProxy}. */
final class FaultRig implements AutoCloseable {
    /** One connection: both its ends, and what is between them. */
    record Session(FaultProxy.Link link, Connection client, Connection server) {
        FaultProxy.Flow flowFrom(Connection end) {
            return end == client ? link.up() : link.down();
        }

        Connection other(Connection end) {
            return end == client ? server : client;
        }
    }

    private final Way way;
    private final Consumer<ConnectionOptions<?>> choices;
    private final Server server;
    private final FaultProxy proxy;
    private final EventLoopGroup clients;
    private final BlockingQueue<Connection> served = new LinkedBlockingQueue<>();
    private final AtomicInteger handled = new AtomicInteger();

    FaultRig(Way way, Consumer<ConnectionOptions<?>> choices) throws Exception {
        this.way = way;
        this.choices = choices;
        Server.Builder serving = way.server(this::serve).failedAttempts(0);
        choices.accept(serving);
        this.server = serving.start();
        this.proxy = FaultProxy.before(server);
        this.clients = way.transport().newEventLoopGroup(2, Thread::new);
    }

    private void serve(Connection connection) {
        served.add(connection);
        handled.incrementAndGet();
    }

    Server server() {
        return server;
    }

    FaultProxy proxy() {
        return proxy;
    }

    CompletableFuture<Connection> connect() throws Exception {
        return client().connectAsync();
    }

    Client.Builder client() throws Exception {
        Client.Builder connecting = way.client(proxy.endpoint()).eventLoops(clients);
        choices.accept(connecting);
        return connecting;
    }

    Session open() throws Exception {
        Connection client = connect().get(30, TimeUnit.SECONDS);
        return new Session(proxy.next(), client, served());
    }

    /** The server's end of the next connection that was accepted. */
    Connection served() throws InterruptedException {
        Connection next = served.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no connection was accepted");
        }
        return next;
    }

    /** The server's ends of connections whose clients do not know of them, when so many attempts are over. */
    List<Connection> unknown(long attempts) {
        Eventually.until("all attempts are over", () -> {
            Server.Stats stats = server.stats();
            return stats.accepted() + stats.refused() == attempts && stats.accepted() == handled.get();
        });
        var all = new ArrayList<Connection>();
        served.drainTo(all);
        return all;
    }

    /** That nothing is left of those who were cut off, and the next one is served. */
    void assertServesOthers() throws Exception {
        assertNoneStays();
        proxy.plan(FaultProxy.Plan.PASS, FaultProxy.Plan.PASS);
        serve(open());
        assertNoneStays();
    }

    /** The same where deadlines are so short that a slow machine may need another attempt. */
    void assertServesOthersAtLast() {
        assertNoneStays();
        proxy.plan(FaultProxy.Plan.PASS, FaultProxy.Plan.PASS);
        Eventually.until("the next is served", () -> {
            try {
                Eventually.until("none is on its way", () -> server.stats().accepted() == handled.get());
                served.clear();
                serve(open());
                return true;
            } catch (IOException | ExecutionException e) {
                return false;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertNoneStays();
    }

    private void assertNoneStays() {
        Eventually.until(
                "no connection stays: " + server, () -> server.connections().isEmpty());
    }

    private static void serve(Session honest) throws Exception {
        ByteBuffer frame = ByteBuffer.wrap(new byte[] {1, 2, 3});
        honest.client().write(frame);
        honest.server().write(requireNonNull(honest.server().read()));
        assertThat(honest.client().read()).isEqualTo(frame);
        CompletableFuture<ByteBuffer> end = honest.server().readAsync();
        honest.client().closeAsync().get(30, TimeUnit.SECONDS);
        assertThat(end.get(30, TimeUnit.SECONDS)).isNull();
    }

    @Override
    public void close() throws IOException {
        // first, so that what a failed test has left open ends
        proxy.close();
        server.close();
        clients.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        Way.clean(server.endpoint());
    }
}
