package io.mutil.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.LogLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final byte[] WRONG = "a key that nobody here has".getBytes(UTF_8);

    private long now;
    private final AttemptLimiter attempts = new AttemptLimiter(3, () -> now);
    private final RefusalLog log = new RefusalLog(() -> now);
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final LogLines lines = LogLines.of(Authenticator.class, Level.FINE); // which System.Logger calls DEBUG

    /** An end of a connection, and what its authenticator has made of it. */
    private final class End implements Authenticator.Outcome {
        final EmbeddedChannel channel;
        final List<IOException> failures = new ArrayList<>();
        final StringBuilder behind = new StringBuilder();

        @Nullable
        Agreement agreement;

        End(boolean server, Authentication authentication) {
            channel = new EmbeddedChannel() {
                @Override
                protected SocketAddress remoteAddress0() {
                    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000);
                }
            };
            channels.add(channel);
            channel.freezeTime();
            channel.pipeline()
                    .addLast(
                            server
                                    ? Authenticator.server(
                                            authentication, ChannelBinding::none, DEADLINE, attempts, log, this)
                                    : Authenticator.client(authentication, ChannelBinding::none, DEADLINE, this));
        }

        @Override
        public void authenticated(ChannelHandlerContext ctx, Agreement settled) {
            assertThat(failures).isEmpty();
            assertThat(agreement).isNull();
            agreement = settled;
            ctx.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    behind.append(bytes.toString(ISO_8859_1));
                    bytes.release();
                }
            });
        }

        @Override
        public void failed(IOException cause) {
            assertThat(agreement).isNull();
            failures.add(cause);
        }

        byte[] says() {
            var all = Unpooled.buffer();
            for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
                all.writeBytes(next);
                next.release();
            }
            return ByteBufUtil.getBytes(all);
        }

        End hears(byte[]... pieces) {
            for (byte[] piece : pieces) {
                if (!channel.isActive()) {
                    break;
                }
                // with bytes before and behind, as a slice of something larger has
                ByteBuf buffer = channel.alloc().buffer().writeByte(1).writeBytes(piece);
                channel.writeInbound(buffer.skipBytes(1));
            }
            return this;
        }

        IOException failure() {
            assertThat(failures).hasSize(1);
            assertThat(channel.isActive()).isFalse();
            return failures.get(0);
        }
    }

    @AfterEach
    void close() {
        lines.close();
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private End server(Handshake handshake) {
        return new End(true, Side.authentication(handshake));
    }

    private End client(Handshake handshake) {
        return new End(false, Side.authentication(handshake));
    }

    private static void talk(End client, End server) {
        byte[] fromServer = server.says();
        byte[] fromClient = client.says();
        while (fromClient.length > 0 || fromServer.length > 0) {
            server.hears(fromClient);
            client.hears(fromServer);
            fromClient = client.says();
            fromServer = server.says();
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheChannelToWhatComesNext(Handshake handshake) {
        End server = server(handshake);
        End client = client(handshake);

        talk(client, server);
        server.hears("after".getBytes(UTF_8));

        for (End end : List.of(server, client)) {
            assertThat(requireNonNull(end.agreement).handshake()).isEqualTo(handshake);
            assertThat(end.channel.pipeline().get(Authenticator.class)).isNull();
            assertThat(end.channel.isActive()).isTrue();
        }
        assertThat(server.behind).hasToString("after");
    }

    @Test
    void passesOnWhatCameBehindTheHandshake() {
        End server = server(Handshake.VERSION_2);
        End client = client(Handshake.VERSION_2);
        server.hears(client.says());
        client.hears(server.says());

        server.hears(Side.join(client.says(), "behind".getBytes(UTF_8)));
        server.hears("more".getBytes(UTF_8));
        client.hears(Side.join(server.says(), "too".getBytes(UTF_8)));

        assertThat(server.behind).hasToString("behindmore");
        assertThat(client.behind).hasToString("too");
    }

    @ParameterizedTest
    @EnumSource
    void oneByteAtATimeIsEnough(Handshake handshake) {
        End server = server(handshake);
        End client = client(handshake);

        byte[] fromServer = server.says();
        byte[] fromClient = client.says();
        while (fromClient.length > 0 || fromServer.length > 0) {
            for (byte next : fromClient) {
                server.hears(new byte[] {next});
            }
            for (byte next : fromServer) {
                client.hears(new byte[] {next});
            }
            fromClient = client.says();
            fromServer = server.says();
        }

        assertThat(server.agreement).isNotNull();
        assertThat(client.agreement).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void wrongKeysCloseBothEnds(Handshake handshake) {
        End server = server(handshake);
        End client = new End(false, Side.authentication(handshake, Keys.of(WRONG)));

        talk(client, server);

        assertThat(server.failure()).isInstanceOf(AuthenticationException.class);
        assertThat(client.failure()).isInstanceOf(AuthenticationException.class).hasMessageContaining("key");
    }

    @ParameterizedTest
    @EnumSource
    void silenceEndsAtTheDeadline(Handshake handshake) {
        End server = server(handshake);
        server.channel.advanceTimeBy(4999, TimeUnit.MILLISECONDS);
        server.channel.runPendingTasks();
        assertThat(server.failures).isEmpty();

        server.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        server.channel.runPendingTasks();

        assertThat(server.failure())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("the client's")
                .hasMessageContaining("same handshake");
    }

    @Test
    void tricklingBytesDoNotMoveTheDeadline() {
        End server = server(Handshake.VERSION_2);
        byte[] preamble = client(Handshake.VERSION_2).says();

        for (int second = 0; second < 5; second++) {
            server.hears(new byte[] {preamble[second]});
            server.channel.advanceTimeBy(1, TimeUnit.SECONDS);
            server.channel.runPendingTasks();
        }

        assertThat(server.failure()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void theDeadlineEndsWithTheHandshake() {
        End server = server(Handshake.VERSION_2);
        talk(client(Handshake.VERSION_2), server);

        server.channel.advanceTimeBy(1, TimeUnit.HOURS);
        server.channel.runPendingTasks();

        assertThat(server.failures).isEmpty();
        assertThat(server.channel.isActive()).isTrue();
    }

    @Test
    void aPeerThatGoesAwayIsNoFailedAttempt() {
        for (int i = 0; i < 10; i++) {
            End server = server(Handshake.VERSION_2);
            server.channel.close().syncUninterruptibly();
            assertThat(server.failure()).isNotInstanceOf(AuthenticationException.class);
            End half = server(Handshake.VERSION_2);
            half.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            assertThat(half.failure()).isNotInstanceOf(AuthenticationException.class);
        }

        assertThat(attempts.addresses()).isZero();
        assertThat(lines.at(Level.WARNING)).isEmpty();
    }

    @Test
    void aHandshakeThatIsTakenAwayFails() {
        End server = server(Handshake.VERSION_2);

        server.channel.pipeline().remove(Authenticator.class);

        assertThat(server.failure()).hasMessageContaining("given up");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "POST /",
                "HEAD /",
                "PRI * HTTP/2.0",
                "SSH-2.0-x",
                "\u0016\u0003\u0001",
                "OPTIONS *"
            })
    void straysAreToldApartAndClosedWithoutAnAnswer(String opening) {
        for (Handshake handshake : Handshake.values()) {
            End server = server(handshake);
            server.says();
            now += RefusalLog.INTERVAL.toNanos() * 7; // past the limiter's window too

            for (byte next : opening.getBytes(ISO_8859_1)) {
                server.hears(new byte[] {next});
            }

            assertThat(server.failure()).isInstanceOf(AuthenticationException.class);
            assertThat(server.says()).hasSizeLessThan(2);
        }
    }

    @Test
    void anAnswerMayBeginLikeAnotherProtocol() {
        End client = client(Handshake.LEGACY);
        byte[] answer = Arrays.copyOf(new byte[] {0x15, 3}, 64);

        client.hears(Arrays.copyOf(answer, 63));
        assertThat(client.channel.isActive()).isTrue();
        client.hears(new byte[1]);

        assertThat(client.failure())
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("did not prove")
                .hasMessageContaining("looks like a TLS server");
    }

    @Test
    void whoHangsUpIsNamedToo() {
        End client = client(Handshake.LEGACY);

        client.hears("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
        var unused = client.channel.close();

        assertThat(client.failure()).hasMessageContaining("closed").hasMessageContaining("looks like an HTTP server");
    }

    @Test
    void theLogSaysWhatAStrayLooksLike() {
        server(Handshake.LEGACY).hears("GET /index.html HTTP/1.1\r\n\r\n".getBytes(UTF_8));

        assertThat(lines.at(Level.WARNING))
                .singleElement()
                .asString()
                .contains("127.0.0.1")
                .contains("an HTTP client")
                .doesNotContain("index");
    }

    @Test
    void theLogTellsTlsFromHttp() {
        server(Handshake.VERSION_2).hears(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});

        assertThat(lines.at(Level.WARNING)).singleElement().asString().contains("looks like TLS");
    }

    @Test
    void keyIdsOfGarbageAreAnsweredLikeOthersAndNotShown() {
        byte[] id = Arrays.copyOf("\0forged\n12:00 all is well\u202e\u00ff".getBytes(ISO_8859_1), 64);
        End server = server(Handshake.VERSION_2);

        byte[] preamble = server.hears(new Preamble(Preamble.CLIENT, 4, 1000, id, new byte[32]).encode())
                .says();
        byte[] verdict = server.hears(new byte[64]).says();

        assertThat(preamble).hasSize(4 + 13 + 64 + 32).contains(id);
        assertThat(verdict).containsExactly(Version2Exchange.REFUSED);
        assertThat(server.failure()).hasMessageNotContaining("forged");
        assertThat(lines.all()).isNotEmpty().noneMatch(line -> line.getMessage().contains("forged"));
    }

    @Test
    void aClientSaysWhatTheServerLooksLike() {
        assertThat(client(Handshake.VERSION_2)
                        .hears("SSH-2.0-OpenSSH\r\n".getBytes(UTF_8))
                        .failure())
                .hasMessageContaining("SSH");
        assertThat(client(Handshake.VERSION_2)
                        .hears("HTTP/1.1 400 Bad Request\r\n".getBytes(UTF_8))
                        .failure())
                .hasMessageContaining("HTTP server");
        assertThat(lines.at(Level.WARNING)).isEmpty(); // thrown, so not logged
    }

    @Test
    void warnsOnceInTenSeconds() {
        var unlimited = new AttemptLimiter(0, () -> now);
        for (int i = 0; i < 6; i++) {
            log.refused("somebody", "reason");
        }
        assertThat(lines.at(Level.WARNING)).containsExactly("refused somebody: reason");

        now += RefusalLog.INTERVAL.toNanos();
        log.refused("somebody", "reason");

        assertThat(lines.at(Level.WARNING)).last().asString().endsWith("so were 5 others");
        assertThat(lines.at(Level.FINE)).hasSize(5);
        assertThat(unlimited.addresses()).isZero();
    }

    @Test
    void whoFailsTooOftenIsClosedBeforeAnythingIsComputed() {
        for (int i = 0; i < 3; i++) {
            server(Handshake.MULTIPROCESSING).hears(new byte[] {0, 0, 0, 1, 0});
        }

        End next = server(Handshake.MULTIPROCESSING);

        assertThat(next.failure()).hasMessageContaining("too many").isNotInstanceOf(AuthenticationException.class);
        assertThat(next.says()).isEmpty();
        now += Duration.ofMinutes(1).toNanos();
        assertThat(server(Handshake.MULTIPROCESSING).failures).isEmpty();
    }

    @Test
    void guessesInParallelCountAsWell() {
        List<End> halfOpen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            halfOpen.add(server(Handshake.MULTIPROCESSING));
        }

        halfOpen.forEach(server -> server.hears(new byte[] {0, 0, 0, 1, 0}));

        assertThat(halfOpen.stream().filter(end -> end.failure() instanceof AuthenticationException))
                .hasSize(3);
    }

    @Test
    void beginsWhenTheChannelBecomesActive() throws Exception {
        var channel = new EmbeddedChannel(false, false);
        channels.add(channel);
        var outcome = new End(false, Side.authentication(Handshake.VERSION_2));
        channel.pipeline()
                .addLast(Authenticator.client(
                        Side.authentication(Handshake.VERSION_2), ChannelBinding::none, DEADLINE, outcome));

        channel.register();

        ByteBuf preamble = channel.readOutbound();
        assertThat(preamble.readableBytes()).isEqualTo(56);
        preamble.release();
    }

    @Test
    void aBindingThatCannotBeHadFailsTheHandshake() {
        var end = new End(false, Side.authentication(Handshake.VERSION_2));
        var channel = new EmbeddedChannel();
        channels.add(channel);

        channel.pipeline()
                .addLast(Authenticator.client(
                        Side.authentication(Handshake.VERSION_2),
                        () -> {
                            throw new IllegalStateException("no certificate");
                        },
                        DEADLINE,
                        end));

        assertThat(end.failures).singleElement().asString().contains("no certificate");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void challengesOfBrokenHandshakesAreRetired() {
        IssuedChallenges process = Side.process();
        Authentication authentication =
                Side.authentication(Handshake.MULTIPROCESSING, Keys.of(Side.SECRET), Side.FORMAT, process);
        End server = new End(true, authentication);
        assertThat(process.size()).isEqualTo(1);

        server.channel.close().syncUninterruptibly();

        assertThat(process.size()).isZero();
    }
}
