package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import io.mutil.server.CloseReason;
import io.mutil.server.Endpoint;
import io.mutil.server.PreparedMessage;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page of a running topology, and sends its figures while somebody looks. Lives on one event loop of the
 * topology.
 */
final class Page implements WebSocketListener {
    /** Path of the figures. */
    static final String LIVE = "/live";

    private static final int SAMPLES_PER_PICTURE = 5;
    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(200);
    private static final int MAX_VIEWERS = 64;
    private static final int MAX_MESSAGE_BYTES = 1024;

    // A browser that sleeps must not keep the topology from its end.
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(3);

    private final EventLoop loop;
    private final Transport transport;
    private final Meter meter = new Meter(System::nanoTime);
    private final Set<WebSocket> viewers = new HashSet<>();
    private volatile @Nullable Supplier<Figures> source;
    private @Nullable WebSocketServer server;
    private @Nullable Future<?> timer;
    private int samples;

    private Page(FlowLoops loops) {
        this.loop = loops.group().next();
        this.transport = loops.transport();
    }

    /**
     * Begins to listen.
     *
     * @throws BindException if the address cannot be listened on
     */
    static Page open(String flow, Endpoint.Web address, FlowLoops loops) throws IOException {
        var page = new Page(loops);
        try {
            page.listen(address);
        } catch (BindException e) {
            var failure = new BindException("page of '" + flow + "': " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
        return page;
    }

    private void listen(Endpoint.Web address) throws IOException {
        server = WebSocketServer.builder(this)
                .host(address.host())
                .port(address.port())
                .path(address.path())
                .resource("/", "text/html; charset=utf-8", file("page.html"))
                .resource("/page.css", "text/css; charset=utf-8", file("page.css"))
                .resource("/page.js", "text/javascript; charset=utf-8", file("page.js"))
                .maxConnections(MAX_VIEWERS)
                .maxMessageBytes(MAX_MESSAGE_BYTES)
                .drainTimeout(GOODBYE)
                .transport(transport)
                .eventLoops(loop)
                .start();
    }

    private static byte[] file(String name) {
        try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
            return requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shows these figures from now on; asked for on the event loop, several times a second while somebody looks. */
    void show(Supplier<Figures> figures) {
        source = figures;
    }

    URI uri() {
        return URI.create("http://" + requireNonNull(server).uri().getRawAuthority() + "/");
    }

    @Override
    public void onOpen(WebSocket viewer) {
        viewers.add(viewer);
        if (timer == null) {
            sample();
            long period = BETWEEN_SAMPLES.toNanos();
            timer = loop.scheduleAtFixedRate(this::onTime, period, period, TimeUnit.NANOSECONDS);
        }
        send(List.of(viewer));
    }

    @Override
    public void onClose(WebSocket viewer, CloseReason reason) {
        viewers.remove(viewer);
        if (viewers.isEmpty() && timer != null) {
            timer.cancel(false);
            timer = null;
            samples = 0;
            meter.clear();
        }
    }

    private void onTime() {
        sample();
        if (samples % SAMPLES_PER_PICTURE == 1) {
            send(viewers);
        }
    }

    private void sample() {
        Supplier<Figures> figures = source;
        if (figures != null) {
            meter.sample(figures.get());
            samples++;
        }
    }

    /** A viewer that does not keep up misses pictures. */
    private void send(Collection<WebSocket> to) {
        if (samples == 0 || to.isEmpty()) {
            return;
        }
        String json = meter.picture().json();
        PreparedMessage message =
                PreparedMessage.text(transport.allocator(), buffer -> ByteBufUtil.writeUtf8(buffer, json));
        try {
            for (WebSocket viewer : to) {
                if (viewer.offer(message)) {
                    viewer.flush();
                }
            }
        } finally {
            message.release();
        }
    }

    /** Shows the end, and ends; soon, whoever looks. */
    CompletableFuture<Void> closeAsync() {
        loop.execute(this::showEnd);
        return requireNonNull(server)
                .closeAsync()
                .completeOnTimeout(null, LONGEST_GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void showEnd() {
        if (!viewers.isEmpty()) {
            sample();
            send(viewers);
        }
    }
}
