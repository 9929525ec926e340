package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.codec.Transport;
import io.mutil.server.CloseReason;
import io.mutil.server.Endpoint;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PageTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String HANDSHAKE = """
            GET /live HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    private final CountDownLatch gate = new CountDownLatch(1);

    /** One number, then others when the gate opens. */
    private Iterator<Integer> gated(int then) {
        return new Gated(gate, then + 1);
    }

    private static final class Gated implements Iterator<Integer> {
        private final CountDownLatch gate;
        private final int count;
        private int next;

        Gated(CountDownLatch gate, int count) {
            this.gate = gate;
            this.count = count;
        }

        @Override
        public boolean hasNext() {
            try {
                return next == 0 || (gate.await(30, TimeUnit.SECONDS) && next < count);
            } catch (InterruptedException e) {
                return false;
            }
        }

        @Override
        public Integer next() {
            return next++;
        }
    }

    private Dataflow flow(Iterator<Integer> items, String host, int port) {
        return Dataflow.named("shown")
                .from(Ingress.<Integer>pulling(() -> items))
                .through(Workers.<Integer, Integer>of((n, out) -> out.send(n)).howMany(2))
                .to(Egress.<Integer>into(n -> {}))
                .page(host, port)
                .build();
    }

    private static URI page(RunningDataflow running) {
        return running.page().orElseThrow();
    }

    private static URI live(RunningDataflow running) {
        return live(page(running));
    }

    private static URI live(URI page) {
        return URI.create("ws://" + page.getAuthority() + Page.LIVE);
    }

    private static HttpURLConnection get(URI uri) throws IOException {
        var connection = (HttpURLConnection) uri.toURL().openConnection();
        assertThat(connection.getResponseCode()).isEqualTo(200);
        return connection;
    }

    private static String body(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static JsonNode nextPicture(Peer viewer) throws InterruptedException {
        return MAPPER.readTree(viewer.next());
    }

    @Test
    void isServedWhereTheTopologySays() throws Exception {
        try (RunningDataflow running = flow(gated(0), "127.0.0.1", 0).start()) {
            HttpURLConnection html = get(page(running));

            assertThat(page(running).getPort()).isPositive();
            assertThat(body(html)).startsWith("<!doctype html>").contains("page.css", "page.js");
            assertThat(html.getHeaderField("Content-Security-Policy")).startsWith("default-src 'none'");
            assertThat(get(page(running).resolve("page.css")).getContentType()).isEqualTo("text/css; charset=utf-8");
            assertThat(get(page(running).resolve("page.js")).getContentType())
                    .isEqualTo("text/javascript; charset=utf-8");
            gate.countDown();
        }
    }

    @Test
    void thereIsNoneUnlessAskedFor() throws Exception {
        Dataflow flow = Dataflow.named("unseen")
                .from(Flows.numbers(1))
                .to(Egress.<Integer>into(n -> {}))
                .build();

        try (RunningDataflow running = flow.start()) {
            assertThat(running.page()).isEmpty();
        }
    }

    @Test
    void nothingIsComputedWhileNobodyLooks() throws Exception {
        var asked = new AtomicInteger();
        var figures = new Figures(
                new DataflowStats("seen", List.of(), List.of(), 0),
                Figures.Phase.RUNNING,
                Set.of(),
                Set.of(),
                Map.of(),
                "");
        var loops = new FlowLoops(Transport.best(), 1, new NamedThreads("seen-io"), Duration.ofSeconds(1));
        Page page = Page.open("seen", Endpoint.webSocket("127.0.0.1", 0, Page.LIVE), loops);
        try {
            page.show(() -> {
                asked.incrementAndGet();
                return figures;
            });
            body(get(page.uri()));
            assertThat(asked).hasValue(0);

            try (Peer viewer = new Peer(live(page.uri()))) {
                viewer.next(2);
                assertThat(asked).hasPositiveValue();
            }
        } finally {
            page.closeAsync().join();
            loops.closeAsync().join();
        }
    }

    @Test
    void showsEveryLevelAndWhatPasses() throws Exception {
        try (RunningDataflow running = flow(gated(9), "127.0.0.1", 0).start();
                Peer viewer = new Peer(live(running))) {
            JsonNode first = nextPicture(viewer);
            gate.countDown();
            JsonNode picture = nextPicture(viewer);

            assertThat(first.path("name").asString()).isEqualTo("shown");
            assertThat(first.path("phase").asString()).isEqualTo("running");
            assertThat(first.path("levels").findValuesAsString("name")).containsExactly("in", "workers-1", "out-1");
            assertThat(first.path("levels").findValuesAsString("kind")).containsExactly("ingress", "workers", "egress");
            assertThat(first.path("levels").findValuesAsString("from")).containsExactly("in", "workers-1");
            assertThat(first.at("/levels/0/out").isNull()).isTrue();
            while (picture.at("/levels/2/received").asLong() < 10) {
                picture = nextPicture(viewer);
            }
            assertThat(picture.at("/levels/0/sent").asLong()).isEqualTo(10);
            assertThat(picture.at("/levels/0/out").isNumber()).isTrue();
        }
    }

    @Test
    void showsRestartsAndThatALevelIsNotConnected() throws Exception {
        URI nobody;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("ws://127.0.0.1:" + free.getLocalPort());
        }
        var failed = new AtomicBoolean();
        Dataflow flow = Dataflow.named("shown")
                .from(Ingress.<Integer>pulling(() -> gated(9)))
                .through(Workers.<Integer, Integer>of((n, out) -> {
                            if (failed.compareAndSet(false, true)) {
                                throw new IllegalStateException("once");
                            }
                            out.send(n);
                        })
                        .howMany(1)
                        .supervise(Supervision.restart().backoff(Duration.ofMillis(1), Duration.ofMillis(1))))
                .to(WebSocketEgress.<Integer>connect(nobody, JsonCodec.of(Integer.class)))
                .page("127.0.0.1", 0)
                .build();

        try (RunningDataflow running = flow.start();
                Peer viewer = new Peer(live(running))) {
            JsonNode picture = nextPicture(viewer);
            while (picture.at("/levels/1/restarts").asLong() == 0) {
                picture = nextPicture(viewer);
            }
            assertThat(picture.at("/levels/1/restarts").asLong()).isEqualTo(1);
            assertThat(picture.at("/levels/2/conditions/0").asString()).isEqualTo("not connected");
            assertThat(picture.at("/levels/2/connections").asInt(-1)).isZero();
            gate.countDown();
        }
    }

    @Test
    void theLastPictureIsOfTheEnd() throws Exception {
        try (RunningDataflow running = flow(gated(9), "127.0.0.1", 0).start();
                Peer viewer = new Peer(live(running))) {
            nextPicture(viewer);
            gate.countDown();
            running.await();

            JsonNode picture = nextPicture(viewer);
            while (!picture.path("phase").asString().equals("ended")) {
                picture = nextPicture(viewer);
            }
            picture.path("levels")
                    .forEach(level ->
                            assertThat(level.at("/conditions/0").asString()).isEqualTo("ended"));
            assertThat(picture.at("/levels/2/received").asLong()).isEqualTo(10);
            assertThat(viewer.closeReason().code()).isEqualTo(CloseReason.GOING_AWAY);
        }
    }

    @Test
    void tellsWhichErrorEndedASourceButNotWhatItSays() throws Exception {
        Iterator<Integer> broken = new Iterator<>() {
            @Override
            public boolean hasNext() {
                try {
                    assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("secret");
            }

            @Override
            public Integer next() {
                return 0;
            }
        };
        try (RunningDataflow running = flow(broken, "127.0.0.1", 0).start();
                Peer viewer = new Peer(live(running))) {
            viewer.next();
            gate.countDown();

            String json = viewer.next();
            while (!json.contains("\"phase\":\"ended\"")) {
                json = viewer.next();
            }
            assertThat(json).doesNotContain("secret");
            JsonNode picture = MAPPER.readTree(json);
            assertThat(picture.path("error").asString()).isEqualTo("IllegalStateException");
            assertThat(picture.at("/levels/0/conditions/0").asString()).isEqualTo("died");
            assertThat(picture.at("/levels/0/error").asString()).isEqualTo("IllegalStateException");
            assertThat(picture.at("/levels/1/conditions/0").asString()).isEqualTo("ended");
        }
    }

    @Test
    void aViewerWhoSleepsDoesNotKeepTheTopologyFromItsEnd() throws Exception {
        try (RunningDataflow running =
                        ThreadRuntime.builder().drainTimeout(Duration.ofDays(1)).start(flow(gated(0), "127.0.0.1", 0));
                var asleep = new Socket(
                        InetAddress.getLoopbackAddress(), page(running).getPort())) {
            asleep.getOutputStream().write(HANDSHAKE.getBytes(US_ASCII));
            assertThat(asleep.getInputStream().read()).isEqualTo('H');
            gate.countDown();

            running.await();
        }
    }

    @Test
    void pagesOfOthersMayNotLook() throws Exception {
        try (RunningDataflow running = flow(gated(0), "127.0.0.1", 0).start()) {
            assertThatThrownBy(() -> WebSocketClient.builder(live(running), new WebSocketListener() {})
                            .origin("http://evil.example")
                            .connect())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("403");
            gate.countDown();
        }
    }

    @Test
    void aPortInUseFailsTheStartAndNothingStaysOpen() throws Exception {
        var closed = new AtomicBoolean();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Dataflow flow = Dataflow.named("unstarted")
                    .from(Flows.numbers(1))
                    .through(Workers.<Integer, Integer>startedBy(context -> new Closing(closed))
                            .howMany(1))
                    .to(Egress.<Integer>into(n -> {}))
                    .page("127.0.0.1", taken.getLocalPort())
                    .build();

            assertThatThrownBy(flow::start)
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("page of 'unstarted'")
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("choose another");
        }
        assertThat(closed).isTrue();
        Eventually.until(
                "its threads have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("unstarted")));
    }

    private record Closing(AtomicBoolean closed) implements Worker<Integer, Integer>, AutoCloseable {
        @Override
        public void process(Integer item, Outlet<Integer> out) {}

        @Override
        public void close() {
            closed.set(true);
        }
    }

    @Test
    void badAddressesAreRefusedAtTheCall() {
        var builder = Dataflow.named("flow").from(Flows.numbers(1)).to(Egress.<Integer>into(n -> {}));

        assertThatThrownBy(() -> builder.page("127.0.0.1", 65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.page("", 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
