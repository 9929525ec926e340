package io.mutil.wproxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.WebSocketClient;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However the upstream is lost, all keys flow again, and no client does anything for it. */
class UpstreamLossTest {
    private static final Pattern ELEMENT = Pattern.compile("\\{\"sym\":\"(.)\",\"n\":(\\d+)}");

    private ScriptedUpstream upstream;
    private Relay relay;
    private WProxy proxy;
    private long sent;

    /** A client with the number of the last element that came for each key. */
    private record Watched(TestClient client, Map<String, Long> last) {
        Watched(TestClient client, List<String> keys) {
            this(client, new HashMap<>());
            keys.forEach(key -> last.put(key, 0L));
        }

        /** Takes what has come; true once all keys have come as far as that. */
        boolean hasAll(long from) {
            while (!client.hasNothingMore()) {
                take();
            }
            return last.values().stream().allMatch(n -> n >= from);
        }

        private void take() {
            try {
                Matcher found = ELEMENT.matcher(client.next());
                while (found.find()) {
                    long n = Long.parseLong(found.group(2));
                    assertThat(n).isGreaterThan(last.get(found.group(1)));
                    last.put(found.group(1), n);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        upstream = new ScriptedUpstream();
        relay = new Relay(upstream.uri());
        proxy = Quick.proxy(Upstream.webSocket(relay.uri())
                        .subscriptions(Quick.differences())
                        .client(UpstreamLossTest::impatient))
                .silenceTimeout(ofMillis(400))
                .start();
        upstream.awaitConnection();
    }

    private static WebSocketClient.Builder impatient(WebSocketClient.Builder client) {
        return client.pingInterval(ofMillis(200)).drainTimeout(ofMillis(100)).maxMessageBytes(Loss.TOO_LARGE - 1);
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        relay.close();
        upstream.close();
    }

    @ParameterizedTest
    @EnumSource
    void allKeysFlowAgain(Loss loss) throws Exception {
        try (TestClient a = TestClient.of(proxy, "A");
                TestClient both = TestClient.of(proxy, "A", "B");
                TestClient all = TestClient.of(proxy)) {
            all.command("{\"subscribe:all\": true}");
            var clients = List.of(
                    new Watched(a, List.of("A")),
                    new Watched(both, List.of("A", "B")),
                    new Watched(all, List.of("A", "B")));
            awaitFlow(clients);
            for (int round = 0; round < 2; round++) {
                long before = proxy.stats().connects();
                loss.happen(upstream, relay);
                Eventually.until("a new connection", () -> proxy.stats().connects() > before);
                awaitFlow(clients);
            }
        }
    }

    private void awaitFlow(List<Watched> clients) {
        long from = sent + 1;
        Eventually.until("all keys flow", () -> {
            sendNext();
            return clients.stream().allMatch(client -> client.hasAll(from));
        });
    }

    private void sendNext() {
        sent++;
        try {
            upstream.send("[{\"sym\":\"A\",\"n\":" + sent + "}, {\"sym\":\"B\",\"n\":" + sent + "}]");
        } catch (IOException e) {
            // this connection is lost, and the next one takes the next
            return;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
