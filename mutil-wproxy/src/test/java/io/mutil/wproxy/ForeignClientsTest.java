package io.mutil.wproxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.WebSocketClient;
import io.mutil.testkit.Eventually;
import io.mutil.wproxy.OddMessages.Message;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every client gets exactly the elements of its keys, in the order of the upstream, byte for byte. */
class ForeignClientsTest {
    private static final int MESSAGES = 1_500;
    private static final List<Loss> LOSSES = List.of(Loss.CLOSE_FRAME, Loss.END, Loss.RESET, Loss.HALF_OPEN);

    private static Path folder = Path.of("");

    /** Whose library makes the connections. */
    enum Kind {
        NODE,
        PYTHON;

        ForeignClients start(URI uri, int count) throws Exception {
            return this == NODE ? ForeignClients.node(folder, uri, count) : ForeignClients.python(folder, uri, count);
        }
    }

    @BeforeAll
    static void unpack(@TempDir Path shared) {
        folder = shared;
    }

    /** A connection, and what it has to get. */
    private record Watched(
            ForeignClients process,
            int number,
            @Nullable Set<String> keys,
            List<String> expected,
            Set<String> outages) {
        Watched(ForeignClients process, int number, @Nullable Set<String> keys) {
            this(process, number, keys, new ArrayList<>(), new HashSet<>());
            if (keys == null) {
                outages.add(outage(null));
            } else {
                keys.forEach(key -> outages.add(outage(key)));
            }
        }

        private static String outage(@Nullable String key) {
            return "{\"gap\": {\"key\": " + Notices.quote(key) + ", \"missed\": null}}";
        }

        void subscribe() throws Exception {
            process.command(
                    number, keys == null ? "{\"subscribe:all\": 1}" : "{\"subscribe\": " + Notices.list(keys) + "}");
        }

        void sent(Message message) {
            if (keys == null) {
                expected.add(message.text());
                return;
            }
            for (OddMessages.Element element : message.elements()) {
                if (element.key() != null && keys.contains(element.key())) {
                    expected.add(element.text());
                }
            }
        }

        void check() throws Exception {
            for (String text : expected) {
                assertThat(nextButOutages()).isEqualTo(text);
            }
            expected.clear();
        }

        /** It is told of each of its keys that messages of it may be missing. */
        void checkOutage() throws Exception {
            var told = new HashSet<String>();
            while (!told.equals(outages)) {
                told.add(process.text(number));
                assertThat(outages).containsAll(told);
            }
        }

        private String nextButOutages() throws Exception {
            String text = process.text(number);
            while (outages.contains(text)) {
                // some losses come in twos
                text = process.text(number);
            }
            return text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyClientGetsItsElementsAlsoAfterLosses(Kind kind) throws Exception {
        List<String> keys = OddMessages.KEYS;
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                Relay relay = new Relay(upstream.uri());
                WProxy proxy = Quick.proxy(Upstream.webSocket(relay.uri())
                                .subscriptions(Quick.differences())
                                .client(ForeignClientsTest::impatient))
                        .start();
                ForeignClients first = kind.start(proxy.uri(), 4);
                ForeignClients second = kind.start(proxy.uri(), 4)) {
            var clients = List.of(
                    new Watched(first, 0, Set.of(keys.get(0))),
                    new Watched(first, 1, Set.copyOf(keys.subList(1, 4))),
                    new Watched(first, 2, null),
                    new Watched(first, 3, Set.copyOf(keys)),
                    new Watched(second, 0, Set.copyOf(keys.subList(3, 8))),
                    new Watched(second, 1, null),
                    new Watched(second, 2, Set.of(keys.get(0), keys.get(1))),
                    new Watched(second, 3, Set.of("nobody sends this")));
            for (Watched client : clients) {
                client.subscribe();
            }
            var messages = new OddMessages(7);
            for (Loss loss : LOSSES) {
                phase(upstream, messages, clients);
                long before = proxy.stats().connects();
                loss.happen(upstream, relay);
                Eventually.until("a new connection", () -> proxy.stats().connects() > before);
                for (Watched client : clients) {
                    client.checkOutage();
                }
            }
            phase(upstream, messages, clients);
            for (Watched client : clients) {
                assertThat(client.process().hasNothingMore(client.number())).isTrue();
            }
        }
    }

    private static WebSocketClient.Builder impatient(WebSocketClient.Builder client) {
        return client.pingInterval(ofSeconds(1)).drainTimeout(ofMillis(100));
    }

    private static void phase(ScriptedUpstream upstream, OddMessages messages, List<Watched> clients) throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            Message message = messages.next();
            upstream.send(message.text());
            clients.forEach(client -> client.sent(message));
        }
        for (Watched client : clients) {
            client.check();
        }
    }

    /** Both libraries offer to compress. */
    @ParameterizedTest
    @EnumSource
    void compressionChangesNothing(Kind kind) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(server -> server.compression(true));
                WProxy proxy = Quick.proxy(Quick.upstream(upstream).client(client -> client.compression(true)))
                        .server(server -> server.compression(true))
                        .start();
                ForeignClients process = kind.start(proxy.uri(), 2)) {
            var clients = List.of(new Watched(process, 0, null), new Watched(process, 1, Set.copyOf(OddMessages.KEYS)));
            for (Watched client : clients) {
                client.subscribe();
            }
            phase(upstream, new OddMessages(8), clients);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledProcessLeavesNoSubscriptionBehind(Kind kind) throws Exception {
        var upstream = new RecordingUpstream();
        try (WProxy proxy = Quick.proxy(upstream).linger(ofMillis(50)).start();
                TestClient stays = TestClient.of(proxy, "S")) {
            for (int i = 0; i < 3; i++) {
                try (ForeignClients clients = kind.start(proxy.uri(), 5)) {
                    for (int number = 0; number < 5; number++) {
                        clients.command(number, "{\"subscribe\": [\"A\", \"K" + number + "\"]}");
                    }
                    upstream.awaitAsked(Set.of("S", "A", "K0", "K1", "K2", "K3", "K4"));
                    clients.kill();
                }
                upstream.awaitAsked(Set.of("S"));
            }
            Eventually.until("one client", () -> proxy.stats().clients() == 1);
            stays.command("{\"unsubscribe\": [\"S\"]}");
            upstream.awaitAsked(Set.of());
        }
        assertThat(upstream.complaints()).isEmpty();
    }

    @Test
    void clientsOfBothKindsLearnWhyTheyAreSentAway() throws Exception {
        var upstream = new RecordingUpstream();
        WProxy proxy = Quick.proxy(upstream).start();
        try (proxy;
                ForeignClients node = Kind.NODE.start(proxy.uri(), 1);
                ForeignClients python = Kind.PYTHON.start(proxy.uri(), 1)) {
            node.command(0, "{\"subscribe\": [\"A\"]}");
            python.command(0, "{\"subscribe\": [\"A\"]}");
            upstream.last().send("[{\"sym\":\"A\"}]");
            node.expect(0, "text", "{\"sym\":\"A\"}");
            python.expect(0, "text", "{\"sym\":\"A\"}");
            var unused = proxy.drainAsync(ofMillis(10));
            node.expect(0, "close", "1012");
            python.expect(0, "close", "1012");
        }
    }
}
