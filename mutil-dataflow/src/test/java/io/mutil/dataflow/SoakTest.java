package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.JsonCodec;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.Memory;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the echo topology at full speed for a minute; what it holds must not grow. */
@Tag("soak")
class SoakTest {
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final int SAMPLES = 20;
    private static final int PER_MESSAGE = 1000;

    private final LongAdder received = new LongAdder();

    @Test
    @Timeout(180)
    void memoryStaysFlatAtFullSpeed() throws Exception {
        JsonCodec<Long> json = JsonCodec.of(Long.class);
        Dataflow echo = Dataflow.named("soak")
                .from(WebSocketIngress.listen("127.0.0.1", 0, json))
                .through(Workers.<Long, Long>of((n, out) -> out.send(n + 1))
                        .howMany(64)
                        .routeBy(n -> n))
                .to(egress("odd", json).filter(n -> n % 2 != 0))
                .to(egress("even", json).filter(n -> n % 2 == 0))
                .build();
        List<Long> heap = new ArrayList<>();
        List<Long> direct = new ArrayList<>();
        long sent = 0;

        try (RunningDataflow running = echo.start();
                WebSocket odd = connect(running.uri("odd"));
                WebSocket even = connect(running.uri("even"));
                WebSocket feed = connect(running.uri("in"))) {
            long start = System.nanoTime();
            long nextSample = start + WARM_UP.toNanos();
            while (System.nanoTime() - start < LENGTH.toNanos()) {
                feed.send(LongStream.range(sent, sent + PER_MESSAGE)
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(",", "[", "]")));
                sent += PER_MESSAGE;
                if (System.nanoTime() >= nextSample) {
                    heap.add(Memory.heapAfterCollection());
                    direct.add(PlatformDependent.usedDirectMemory());
                    nextSample += LENGTH.minus(WARM_UP).dividedBy(SAMPLES).toNanos();
                }
            }
            long all = sent;
            Eventually.until("all came out", () -> received.sum() == all);
            assertThat(odd.isOpen() && even.isOpen()).isTrue();
            assertThat(running.stats().lost()).isZero();
        }

        System.getLogger(SoakTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        sent + " numbers; heap " + mebi(heap) + " MiB; direct " + mebi(direct) + " MiB");
        assertThat(heap).hasSizeGreaterThanOrEqualTo(SAMPLES / 2);
        Memory.assertFlat(heap);
        Memory.assertFlat(direct);
    }

    private static WebSocketEgress<Long> egress(String name, JsonCodec<Long> json) {
        return WebSocketEgress.<Long>listen("127.0.0.1", 0, json).named(name).batch(PER_MESSAGE, Duration.ofMillis(1));
    }

    private WebSocket connect(URI uri) throws Exception {
        return WebSocketClient.builder(uri, new WebSocketListener() {
                    @Override
                    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
                        int numbers = 1;
                        for (int i = payload.readerIndex(); i < payload.writerIndex(); i++) {
                            numbers += payload.getByte(i) == ',' ? 1 : 0;
                        }
                        received.add(numbers);
                    }
                })
                .connect();
    }

    private static List<Long> mebi(List<Long> bytes) {
        return bytes.stream().map(n -> n >> 20).toList();
    }
}
