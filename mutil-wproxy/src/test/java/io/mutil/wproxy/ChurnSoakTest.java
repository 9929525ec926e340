package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.Keys;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.Memory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients connect, subscribe, ask, do not read and vanish in all ways for a minute, while the upstream sends and is lost now
 * and then. {@code -Dmutil.seed} repeats the choices of a run.
 */
@Tag("soak")
class ChurnSoakTest {
    private static final Duration LENGTH = ofSeconds(60);
    private static final Duration WARM_UP = ofSeconds(15);
    private static final int SAMPLES = 15;
    private static final int WORKERS = 4;
    private static final int KEYS = 200;
    private static final Keys SECRET = Keys.of("a secret that only tests know, 32".getBytes(UTF_8));

    private final long seed = Long.getLong("mutil.seed", System.nanoTime());
    private final RecordingUpstream upstream = new RecordingUpstream();
    private final List<Long> heap = new ArrayList<>();
    private final List<Long> direct = new ArrayList<>();
    private final LongAdder clients = new LongAdder();
    private volatile boolean over;

    @Test
    @Timeout(300)
    void memoryStaysFlatAndNoKeyStays() throws Exception {
        try (WProxy proxy = Quick.proxy(upstream)
                .queueLimits(new QueueLimits(1 << 18, 1_000, ofSeconds(10)))
                .slowPolicy(SlowPolicy.CONFLATE)
                .linger(ofMillis(200))
                .history(1_000, 1 << 20)
                .snapshots()
                .statsCommand()
                .server(server -> server.drainTimeout(ofSeconds(1))
                        .unwritableTimeout(ofSeconds(2))
                        .unsentBytes(1 << 14))
                .framed(SECRET, server -> server.drainTimeout(ofSeconds(1)).unwritableTimeout(ofSeconds(2)))
                .start()) {
            var workers = new ArrayList<CompletableFuture<Void>>();
            var random = new Random(seed);
            for (int i = 0; i < WORKERS; i++) {
                var own = new Random(random.nextLong());
                workers.add(Background.run(() -> churn(proxy, own)));
            }
            send(random);
            over = true;
            for (CompletableFuture<Void> worker : workers) {
                worker.get(60, TimeUnit.SECONDS);
            }
            Eventually.until("no client", () -> proxy.stats().clients() == 0);
            assertThat(proxy.stats().keys()).isZero();
            upstream.awaitAsked(Set.of());
            Eventually.until("nobody wants everything", () -> !upstream.last().isAskedForEverything());
        } finally {
            over = true;
            System.getLogger(ChurnSoakTest.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "seed " + seed + "; " + clients + " clients; heap " + heap + " bytes; direct " + direct);
        }
        assertThat(upstream.complaints()).isEmpty();
        assertThat(heap).hasSizeGreaterThanOrEqualTo(3);
        Memory.assertFlat(heap);
        Memory.assertFlat(direct);
    }

    private void send(Random random) {
        long start = System.nanoTime();
        long nextSample = start + WARM_UP.toNanos();
        for (int n = 0; System.nanoTime() - start < LENGTH.toNanos(); n++) {
            upstream.last().send(message(random, n));
            if (n % 5_000 == 4_999) {
                upstream.loseAndForget();
            }
            Eventually.until("the proxy keeps up", () -> !upstream.last().isPaused());
            if (System.nanoTime() >= nextSample) {
                heap.add(Memory.heapAfterCollection());
                direct.add(PlatformDependent.usedDirectMemory());
                nextSample += LENGTH.minus(WARM_UP).dividedBy(SAMPLES).toNanos();
            }
        }
    }

    private static String message(Random random, int n) {
        var text = new StringBuilder("[");
        for (int i = 0; i < 10; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"sym\":\"K")
                    .append(random.nextInt(KEYS))
                    .append("\",\"n\":")
                    .append(n)
                    .append('}');
        }
        return text.append(']').toString();
    }

    private void churn(WProxy proxy, Random random) throws Exception {
        while (!over) {
            clients.increment();
            switch (random.nextInt(4)) {
                case 0 -> vanish(proxy, random);
                case 1 -> framed(proxy, random);
                case 2 -> doNotRead(proxy, random);
                default -> read(proxy, random);
            }
        }
    }

    private static String command(Random random) {
        String keys = "[\"K" + random.nextInt(KEYS) + "\", \"K" + random.nextInt(KEYS) + "\"]";
        return switch (random.nextInt(6)) {
            case 0 -> "{\"subscribe:all\": 1}";
            case 1 -> "{\"unsubscribe\": " + keys + ", \"unsubscribe:all\": 1}";
            case 2 -> "{\"subscribe\": " + keys + ", \"since\": true}";
            case 3 -> "{\"subscribe\": " + keys + ", \"snapshot\": true}";
            case 4 -> "{\"stats\": true}";
            default -> "{\"subscribe\": " + keys + "}";
        };
    }

    private static void vanish(WProxy proxy, Random random) throws IOException {
        try (RawClient client = RawClient.of(proxy)) {
            for (int i = random.nextInt(10); i >= 0; i--) {
                client.text(command(random));
            }
            client.next();
            if (random.nextBoolean()) {
                client.reset();
            }
        }
    }

    private static void framed(WProxy proxy, Random random) throws Exception {
        try (FramedClient client = new FramedClient(proxy.framedServers().get(0), SECRET)) {
            for (int i = random.nextInt(10); i >= 0; i--) {
                client.say(command(random));
                var unused = client.next();
            }
        }
    }

    private void doNotRead(WProxy proxy, Random random) throws Exception {
        try (RawClient client = RawClient.of(proxy)) {
            client.text("{\"subscribe:all\": 1}");
            for (int i = 0; i < 20; i++) {
                client.text(command(random));
                long enough = proxy.stats().messagesIn() + random.nextInt(500);
                Eventually.until("messages", () -> over || proxy.stats().messagesIn() > enough);
            }
        }
    }

    private static void read(WProxy proxy, Random random) throws Exception {
        try (TestClient client = TestClient.of(proxy)) {
            client.say("{\"subscribe:all\": 1}");
            for (int i = random.nextInt(200); i >= 0; i--) {
                if (random.nextInt(10) == 0) {
                    client.say(command(random));
                    client.say("{\"subscribe:all\": 1}");
                }
                var unused = client.next();
            }
        }
    }
}
