package io.mutil.wproxy;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.CloseReason;
import io.mutil.testkit.Eventually;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that does not read for a while harms nobody, and learns exactly what it has lost. */
class SlowClientTest {
    private static final int MANY = 10_000;
    private static final String FILLING = "x".repeat(300);
    private static final Pattern ELEMENT = Pattern.compile("\\{\"sym\":\"(.)\",\"n\":(\\d+),.*");
    private static final Pattern GAP = Pattern.compile("\\{\"gap\": \\{\"key\": \"(.)\", \"missed\": (\\d+)}}");
    private static final QueueLimits LITTLE = new QueueLimits(64 << 10, 1_000, Duration.ofMinutes(1));

    private final RecordingUpstream upstream = new RecordingUpstream();

    private WProxy.Builder proxy() {
        return Quick.proxy(upstream)
                .server(server -> server.unsentBytes(1 << 14).drainTimeout(ofSeconds(30)))
                .queueLimits(LITTLE);
    }

    private void send() {
        for (int i = 0; i < MANY; i++) {
            upstream.last().send("[" + element("A", i) + "," + element("B", i) + "]");
        }
    }

    private static String element(String key, int n) {
        return "{\"sym\":\"" + key + "\",\"n\":" + n + ",\"x\":\"" + FILLING + "\"}";
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CLOSE"})
    void everythingComesOrIsToldToBeMissing(SlowPolicy policy) throws Exception {
        try (WProxy proxy = proxy().slowPolicy(policy).start();
                RawClient slow = RawClient.of(proxy)) {
            slow.text("{\"subscribe\": [\"A\", \"B\"]}");
            slow.next();
            send();
            Eventually.until("something is missed", () -> proxy.stats().missed() > 0);
            Eventually.until("all is known", () -> proxy.stats().messagesIn() == MANY);

            long missed = 0;
            Map<String, Integer> next = new HashMap<>(Map.of("A", 0, "B", 0));
            while (next.values().stream().anyMatch(n -> n < MANY)) {
                String text = slow.next().text();
                Matcher element = ELEMENT.matcher(text);
                Matcher gap = GAP.matcher(text);
                if (element.matches()) {
                    assertThat(Integer.parseInt(element.group(2))).isEqualTo(next.get(element.group(1)));
                    next.merge(element.group(1), 1, Integer::sum);
                } else {
                    assertThat(gap.matches()).as(text).isTrue();
                    missed += Long.parseLong(gap.group(2));
                    next.merge(gap.group(1), Integer.parseInt(gap.group(2)), Integer::sum);
                }
            }
            assertThat(next).isEqualTo(Map.of("A", MANY, "B", MANY));
            assertThat(proxy.stats().missed()).isEqualTo(missed);
        }
    }

    @Test
    void whoIsFastGetsAllBesideWhoIsSlow() throws Exception {
        try (WProxy proxy = proxy().queueLimits(new QueueLimits(64 << 20, 1_000_000, Duration.ofMinutes(1)))
                        .start();
                RawClient slow = RawClient.of(proxy);
                TestClient fast = TestClient.of(proxy, "B")) {
            slow.text("{\"subscribe:all\": 1}");
            slow.next();
            send();
            for (int i = 0; i < MANY; i++) {
                assertThat(fast.next()).isEqualTo(element("B", i));
            }
            assertThat(proxy.stats().slowest())
                    .anySatisfy(client -> assertThat(client.waitingBytes()).isPositive());
            for (int i = 0; i < MANY; i++) {
                assertThat(slow.next().text()).isEqualTo("[" + element("A", i) + "," + element("B", i) + "]");
            }
        }
    }

    @Test
    void aClientMayBeTreatedInItsOwnWay() throws Exception {
        Access access = Access.tokens(Map.of(
                "closed", ClientTerms.unlimited().slowPolicy(SlowPolicy.CLOSE),
                "patient",
                        ClientTerms.unlimited().queueLimits(new QueueLimits(64 << 20, 1_000_000, Duration.ofDays(1)))));
        try (WProxy proxy =
                        proxy().slowPolicy(SlowPolicy.CONFLATE).access(access).start();
                var closed = new TestClient(URI.create(proxy.uri() + "?token=closed"), options -> options);
                var patient = new TestClient(URI.create(proxy.uri() + "?token=patient"), options -> options)) {
            closed.command("{\"subscribe\": [\"A\"]}");
            patient.command("{\"subscribe\": [\"A\"]}");
            closed.pause();
            patient.pause();
            send();
            Eventually.until("one is closed", () -> proxy.stats().closedSlow() == 1);
            closed.resume();
            patient.resume();
            assertThat(closed.closeReason().code()).isEqualTo(CloseReason.TRY_LATER);
            for (int i = 0; i < MANY; i++) {
                assertThat(patient.next()).isEqualTo(element("A", i));
            }
            assertThat(proxy.stats().missed()).isZero();
        }
    }
}
