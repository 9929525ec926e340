package io.mutil.wproxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectHookTest {
    private static final String A = "{\"sym\":\"A\"}";

    private ScriptedUpstream service;

    @SuppressWarnings("NullAway.Init") // by each test
    private WProxy proxy;

    @BeforeEach
    void start() throws Exception {
        service = new ScriptedUpstream();
    }

    @AfterEach
    void stop() {
        proxy.close();
        service.close();
    }

    private static void logIn(Conversation with) throws IOException, InterruptedException {
        with.send("login");
        String answer = with.receive();
        if (!answer.equals("welcome")) {
            throw new IOException("no welcome");
        }
    }

    @Test
    void keysAreAskedForBehindTheLogin() throws Exception {
        service.greet(socket -> {
            var unused = socket.sendAsync("welcome");
        });
        proxy = Quick.proxy(Quick.upstream(service).onConnect(ConnectHookTest::logIn))
                .start();
        try (TestClient client = TestClient.of(proxy, "A")) {
            assertThat(service.heard()).isEqualTo("login");
            assertThat(service.heard()).isEqualTo("+ [\"A\"]");
            service.send(A);
            assertThat(client.next()).isEqualTo(A);
        }
        assertThat(service.heard()).isEqualTo("- [\"A\"]");
    }

    @Test
    void whatComesRightBehindTheLoginBelongsToTheStream() throws Exception {
        var mayLogIn = new CountDownLatch(1);
        int many = 1000;
        service.greet(socket -> {
            var unused = socket.sendAsync("welcome");
            for (int i = 0; i < many; i++) {
                var unused2 = socket.sendAsync("{\"sym\":\"A\",\"n\":" + i + "}");
            }
        });
        proxy = Quick.proxy(Quick.upstream(service).onConnect(with -> {
                    mayLogIn.await();
                    logIn(with);
                }))
                .start();
        try (TestClient client = TestClient.of(proxy, "A")) {
            mayLogIn.countDown();
            for (int i = 0; i < many; i++) {
                assertThat(client.next()).isEqualTo("{\"sym\":\"A\",\"n\":" + i + "}");
            }
        }
    }

    @Test
    void aLongConversationIsNotCutShort() throws Exception {
        int many = 2000;
        service.greet(socket -> {
            for (int i = 0; i < many; i++) {
                var unused = socket.sendAsync(Integer.toString(i));
            }
        });
        var heard = new AtomicInteger();
        proxy = Quick.proxy(Quick.upstream(service).onConnect(with -> {
                    while (heard.get() < many && with.receive().equals(Integer.toString(heard.get()))) {
                        heard.incrementAndGet();
                    }
                }))
                .start();
        Eventually.until("connected", () -> proxy.stats().connected());
        assertThat(heard).hasValue(many);
    }

    @Test
    void aRefusedLoginIsTriedAgain() throws Exception {
        var attempts = new AtomicInteger();
        service.greet(socket -> {
            var unused = socket.sendAsync(attempts.incrementAndGet() < 5 ? "go away" : "welcome");
        });
        proxy = Quick.proxy(Quick.upstream(service).onConnect(ConnectHookTest::logIn))
                .start();
        try (TestClient client = TestClient.of(proxy, "A")) {
            Eventually.until("connected", () -> proxy.stats().connected());
            assertThat(attempts).hasValue(5);
            assertThat(proxy.stats().connects()).isEqualTo(1);
            Eventually.until("refused connections are closed", () -> service.connections() == 1);
            service.send(A);
            assertThat(client.next()).isEqualTo(A);
        }
    }

    @Test
    void aConnectionThatEndsBeforeTheStreamIsMadeAnew() throws Exception {
        var attempts = new AtomicInteger();
        service.greet(socket -> {
            var unused = attempts.incrementAndGet() < 4 ? socket.closeAsync(1008, "") : socket.sendAsync("welcome");
        });
        proxy = Quick.proxy(Quick.upstream(service).onConnect(ConnectHookTest::logIn))
                .start();
        Eventually.until("connected", () -> proxy.stats().connected());
        assertThat(attempts).hasValue(4);
    }

    @Test
    void aLoginThatHangsIsGivenUp() throws Exception {
        var attempts = new AtomicInteger();
        service.greet(socket -> {
            if (attempts.incrementAndGet() > 2) {
                var unused = socket.sendAsync("welcome");
            }
        });
        proxy = Quick.proxy(Quick.upstream(service).onConnect(ConnectHookTest::logIn))
                .connectTimeout(ofMillis(300))
                .start();
        Eventually.until("connected", () -> proxy.stats().connected());
        assertThat(attempts).hasValueGreaterThan(2);
        Eventually.until("the others are closed", () -> service.connections() == 1);
    }

    @Test
    void closingDoesNotWaitForALogin() throws Exception {
        var begun = new CountDownLatch(1);
        proxy = Quick.proxy(Quick.upstream(service).onConnect(with -> {
                    begun.countDown();
                    with.receive();
                }))
                .connectTimeout(ofMinutes(50))
                .start();
        begun.await();
        proxy.close();
        Eventually.until("the connection is closed", () -> service.connections() == 0);
    }

    @Test
    void theWholeListIsToldWhereThatIsWanted() throws Exception {
        proxy = Quick.proxy(Upstream.webSocket(service.uri()).subscriptions(SubscriptionFormat.wholeList(keys -> keys)))
                .start();
        try (TestClient client = TestClient.of(proxy, "A")) {
            assertThat(service.heard()).isEqualTo("[\"A\"]");
            client.command("{\"subscribe\": [\"B \\\"\\u00e9\\\"\"]}");
            assertThat(service.heard()).isEqualTo("[\"A\",\"B \\\"\u00e9\\\"\"]");
            service.drop();
            assertThat(service.heard()).isEqualTo("[\"A\",\"B \\\"\u00e9\\\"\"]");
            client.command("{\"unsubscribe\": [\"A\"]}");
            assertThat(service.heard()).isEqualTo("[\"B \\\"\u00e9\\\"\"]");
        }
        assertThat(service.heard()).isEqualTo("[]");
    }
}
