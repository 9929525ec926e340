package io.mutil.wproxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.CloseReason;
import io.mutil.server.UpgradeAnswer;
import io.mutil.testkit.Eventually;
import java.io.EOFException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AccessTest {
    private final RecordingUpstream upstream = new RecordingUpstream();

    private WProxy.Builder proxy() {
        return Quick.proxy(upstream);
    }

    @Test
    void aTokenIsShownInAHeaderOrInTheQuery() throws Exception {
        Access access = Access.tokens(Map.of("t\u00f6ken 1", ClientTerms.unlimited(), "abc", ClientTerms.unlimited()));
        try (WProxy proxy = proxy().access(access).start()) {
            assertThat(RawClient.handshake(proxy, "/")).isEqualTo(401);
            assertThat(RawClient.handshake(proxy, "/", "Authorization: Bearer abc"))
                    .isEqualTo(101);
            assertThat(RawClient.handshake(proxy, "/", "authorization: bearer  abc "))
                    .isEqualTo(101);
            assertThat(RawClient.handshake(proxy, "/", "Authorization: Basic abc"))
                    .isEqualTo(401);
            assertThat(RawClient.handshake(proxy, "/", "Authorization: Bearer abcd"))
                    .isEqualTo(401);
            assertThat(RawClient.handshake(proxy, "/", "Authorization: Bearer")).isEqualTo(401);
            assertThat(RawClient.handshake(proxy, "/?x=1&token=abc")).isEqualTo(101);
            assertThat(RawClient.handshake(proxy, "/?token=t%C3%B6ken+1")).isEqualTo(101);
            assertThat(RawClient.handshake(proxy, "/?token=")).isEqualTo(401);
            assertThat(RawClient.handshake(proxy, "/?token=%zz")).isEqualTo(400);
        }
    }

    @Test
    void keysThatWereWantedAMomentAgoCount() throws Exception {
        try (WProxy proxy = proxy().linger(Duration.ofHours(1)).maxKeys(3).start();
                TestClient client = TestClient.of(proxy, "A", "B")) {
            client.command("{\"unsubscribe\": [\"A\", \"B\"]}");
            client.say("{\"subscribe\": [\"C\", \"D\"]}");
            assertThat(client.next()).startsWith("{\"error\": \"Too many keys: at most 3");

            client.command("{\"subscribe\": [\"A\", \"C\"]}");
        }
    }

    @Test
    void theIdOfAKeyIsNoToken() throws Exception {
        Access access = Access.tokens(Map.of("abc", ClientTerms.unlimited()), Map.of("key 1", ClientTerms.unlimited()));
        try (WProxy proxy = proxy().access(access).start()) {
            assertThat(RawClient.handshake(proxy, "/?token=key+1")).isEqualTo(401);
        }
    }

    @Test
    void optionsOfTheServerDoNotGetRoundIt() throws Exception {
        try (WProxy proxy = proxy().access(request -> Optional.empty())
                .server(server -> server.onUpgrade(request -> UpgradeAnswer.accept()))
                .start()) {
            assertThat(RawClient.handshake(proxy, "/")).isEqualTo(401);
        }
    }

    @Test
    void termsLimitKeysAndTheirNumber() throws Exception {
        ClientTerms terms = ClientTerms.ofKeys(Set.of("A", "B", "C")).maxSubscriptions(2);
        try (WProxy proxy = proxy().access(Access.tokens(Map.of("x", terms))).start();
                var client = new TestClient(URI.create(proxy.uri() + "?token=x"), options -> options)) {
            client.say("{\"subscribe:all\": true}");
            assertThat(client.next()).isEqualTo("{\"error\": \"Not allowed: subscribe:all\"}");
            client.say("{\"subscribe\": [\"A\", \"D\"]}");
            assertThat(client.next()).isEqualTo("{\"error\": \"Not allowed: D\"}");
            client.say("{\"subscribe\": [\"A\", \"B\", \"C\"]}");
            assertThat(client.next()).isEqualTo("{\"error\": \"Too many subscriptions: at most 2\"}");
            client.command("{\"subscribe\": [\"A\", \"B\"]}");
            client.command("{\"subscribe\": [\"C\"], \"unsubscribe\": [\"A\"]}");
            upstream.awaitAsked(Set.of("B", "C"));
            upstream.last().send("[{\"sym\":\"A\"},{\"sym\":\"D\"},{\"sym\":\"C\"}]");
            assertThat(client.next()).isEqualTo("{\"sym\":\"C\"}");
        }
    }

    @Test
    void subscriptionsInAllAreGivenBackByClientsThatVanish() throws Exception {
        try (WProxy proxy = proxy().maxSubscriptions(3, 4).start();
                TestClient stays = TestClient.of(proxy, "A")) {
            for (int i = 0; i < 10; i++) {
                int before = i;
                Eventually.until(
                        "client " + before + " is gone",
                        () -> proxy.stats().clients() == 1 && proxy.stats().keys() == 1);
                RawClient client = RawClient.of(proxy);
                client.text("{\"subscribe\": [\"A\", \"B\", \"C\"]}");
                assertThat(client.next().text()).doesNotContain("error");
                stays.say("{\"subscribe\": [\"D\"]}");
                assertThat(stays.next())
                        .isEqualTo("{\"error\": \"Too many subscriptions in all: at most 4; try again later\"}");
                client.reset();
            }
        }
    }

    @Test
    void anAccessThatThrowsRefusesWith500() throws Exception {
        Access access = request -> {
            throw new IllegalStateException("no database");
        };
        try (WProxy proxy = proxy().access(access).start()) {
            assertThat(RawClient.handshake(proxy, "/")).isEqualTo(500);
            assertThat(proxy.stats().clients()).isZero();
        }
    }

    @Test
    void anAccessThatHangsHoldsUpNobodyElse() throws Exception {
        var never = new CountDownLatch(1);
        Access access = request -> {
            if (request.query("slow").isPresent()) {
                never.await();
            }
            return Optional.of(ClientTerms.unlimited());
        };
        try (WProxy proxy = proxy().access(access)
                .server(server -> server.handshakeTimeout(ofMillis(300)))
                .start()) {
            try {
                assertThat(RawClient.handshake(proxy, "/?slow=1")).isGreaterThanOrEqualTo(400);
            } catch (EOFException e) {
                // the time is over, and nobody says anything
                assertThat(proxy.stats().clients()).isZero();
            }
            assertThat(RawClient.handshake(proxy, "/")).isEqualTo(101);
        } finally {
            never.countDown();
        }
    }

    @Test
    void whatTheServerIsToldToRefuseIsRefused() throws Exception {
        try (WProxy proxy = proxy().server(
                        server -> server.allowOrigin("https://app.example.com").maxConnections(1))
                .start()) {
            assertThat(RawClient.handshake(proxy, "/", "Origin: https://evil.example.com"))
                    .isEqualTo(403);
            assertThat(RawClient.handshake(proxy, "/elsewhere")).isEqualTo(404);
            Eventually.until("no client", () -> proxy.stats().clients() == 0);
            try (TestClient client = TestClient.of(proxy, "A")) {
                assertThat(RawClient.handshake(proxy, "/", "Origin: https://app.example.com"))
                        .isEqualTo(503);
                client.command("{\"subscribe\": [\"B\"]}");
            }
            Eventually.until("no client", () -> proxy.stats().clients() == 0);
        }
    }

    @Test
    void aCommandThatIsTooLargeEndsTheConnection() throws Exception {
        try (WProxy proxy = proxy().start();
                TestClient client = TestClient.of(proxy, "A")) {
            client.say(" ".repeat(300 << 10));
            assertThat(client.closeReason().code()).isEqualTo(CloseReason.TOO_BIG);
            upstream.awaitAsked(Set.of());
        }
    }

    @Test
    void accessCanDependOnThePath() throws Exception {
        Access access = request -> request.path().filter("/feed"::equals).map(path -> ClientTerms.unlimited());
        try (WProxy proxy = proxy().access(access)
                .server(server -> server.path("/feed"))
                .status("/status")
                .start()) {
            assertThat(RawClient.handshake(proxy, "/feed")).isEqualTo(101);
            assertThat(RawClient.status(RawClient.get(proxy, "/status"))).isEqualTo(401);
        }
    }

    @Test
    void statusIsForThoseWhoMayHaveEverything() throws Exception {
        Access access = Access.tokens(Map.of("abc", ClientTerms.unlimited(), "few", ClientTerms.ofKeys(Set.of("A"))));
        try (WProxy closed = proxy().access(access).status("/status").start();
                WProxy open = proxy().status("/status").start();
                TestClient client = TestClient.of(open, "A", "B")) {
            assertThat(RawClient.status(RawClient.get(closed, "/status"))).isEqualTo(401);
            assertThat(RawClient.status(RawClient.get(closed, "/status?token=few")))
                    .isEqualTo(403);
            String answer = RawClient.get(closed, "/status?token=abc");
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"clients\":0");
            assertThat(RawClient.get(open, "/status"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"clients\":1", "\"keys\":2", "\"connected\":", "\"slowest\":[]");
            assertThat(RawClient.status(RawClient.get(open, "/status", "Host: evil.example.com")))
                    .isEqualTo(403);
            assertThat(RawClient.handshake(open, "/", "Host: evil.example.com")).isEqualTo(403);
            client.command("{\"unsubscribe\": [\"A\"]}");
        }
    }
}
