package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.server.Backoff;
import io.mutil.server.CloseReason;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.mutil.wproxy.RecordingUpstream.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeedTest implements Feed.Listener {
    private static final Duration SILENCE = Duration.ofSeconds(40);
    private static final EventLoopGroup NO_LOOPS = Transport.nio().newEventLoopGroup(1, Thread::new);
    private static final CloseReason LOST = new CloseReason(1006, "lost");

    /** What authors of upstreams could get wrong. */
    private static final List<Supplier<CompletableFuture<Void>>> BAD_CLOSES = List.of(
            () -> {
                throw new IllegalStateException("broken");
            },
            Quick::nothing,
            () -> CompletableFuture.failedFuture(new IOException("broken")));

    private final RecordingUpstream service = new RecordingUpstream();
    private final ManualLoop loop = new ManualLoop();
    private final List<UpstreamReceiver> receivers = new ArrayList<>();
    private final List<CompletableFuture<UpstreamConnection>> attempts = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private boolean expecting = true;
    private boolean pressed;

    private @Nullable Runnable onMessage;
    private Feed feed = feed(this::connect);

    private Feed feed(Upstream upstream) {
        return new Feed(
                upstream,
                this,
                loop,
                Transport.nio(),
                NO_LOOPS,
                loop,
                () -> 0.5,
                new Feed.Options(
                        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(30)),
                        Duration.ofSeconds(10),
                        SILENCE));
    }

    private CompletableFuture<UpstreamConnection> connect(UpstreamReceiver receiver) {
        receivers.add(receiver);
        var attempt = new CompletableFuture<UpstreamConnection>();
        attempts.add(attempt);
        return attempt;
    }

    @Override
    public void message(boolean text, ByteBuf payload) {
        if (onMessage != null) {
            onMessage.run();
        }
        events.add(payload.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void gap(@Nullable String key, long missed) {
        events.add("gap " + key + " " + missed);
    }

    @Override
    public void connected(UpstreamConnection connection) {
        events.add("connected");
    }

    @Override
    public void disconnected() {
        events.add("disconnected");
    }

    @Override
    public boolean expectsMessages() {
        return expecting;
    }

    @Override
    public boolean shouldPause(boolean paused) {
        return pressed;
    }

    private void send(UpstreamReceiver to, String message) {
        to.onMessage(true, Unpooled.copiedBuffer(message, StandardCharsets.UTF_8));
    }

    /** Lets the attempt that is under way succeed. */
    private Session succeed() {
        Session connection = service.connect();
        attempts.get(attempts.size() - 1).complete(connection);
        loop.turn();
        return connection;
    }

    private void fail() {
        attempts.get(attempts.size() - 1).completeExceptionally(new IOException("refused"));
        loop.turn();
    }

    private void assertWaitsBeforeNextAttempt(Duration wait) {
        int before = attempts.size();
        loop.advance(wait.minusMillis(1));
        assertThat(attempts).hasSize(before);
        loop.advance(Duration.ofMillis(1));
        assertThat(attempts).hasSize(before + 1);
    }

    private UpstreamReceiver receiver() {
        return receivers.get(receivers.size() - 1);
    }

    @Test
    void connectsAtOnceAndPassesMessagesOn() {
        feed.start();
        loop.turn();
        succeed();
        send(receiver(), "1");

        assertThat(events).containsExactly("connected", "1");
        assertThat(feed.isConnected()).isTrue();
    }

    @Test
    void waitsTwiceAsLongAfterEachFailure() {
        feed.start();
        loop.turn();
        for (int half : List.of(500, 1000, 2000, 4000, 4000)) {
            fail();
            assertWaitsBeforeNextAttempt(Duration.ofMillis(half));
        }
    }

    @Test
    void waitsALittleAgainAfterAHealthyConnection() {
        feed.start();
        loop.turn();
        fail();
        loop.advance(Duration.ofMillis(500));
        fail();
        loop.advance(Duration.ofSeconds(1));
        expecting = false;
        succeed();
        loop.advance(Duration.ofSeconds(30));

        receiver().onClose(LOST);
        loop.turn();

        assertThat(events).containsExactly("connected", "disconnected");
        assertWaitsBeforeNextAttempt(Duration.ofMillis(500));
    }

    @Test
    void waitsLongerAndLongerIfConnectionsDoNotLast() {
        feed.start();
        loop.turn();
        for (int half : List.of(500, 1000, 2000)) {
            succeed();
            receiver().onClose(LOST);
            loop.turn();
            assertWaitsBeforeNextAttempt(Duration.ofMillis(half));
        }
    }

    @Test
    void endsAnAttemptThatTakesTooLong() {
        feed.start();
        loop.turn();
        loop.advance(Duration.ofSeconds(10));

        assertThat(attempts.get(0)).isCancelled();
        assertWaitsBeforeNextAttempt(Duration.ofMillis(500));
    }

    @Test
    void dropsWhatComesFromAnOldConnection() {
        feed.start();
        loop.turn();
        succeed();
        UpstreamReceiver old = receiver();
        old.onClose(LOST);
        loop.advance(Duration.ofMillis(500));
        succeed();
        events.clear();

        send(old, "old");
        old.onGap("a", 1);
        old.onClose(LOST);
        loop.turn();
        send(receiver(), "new");

        assertThat(events).containsExactly("new");
        assertThat(feed.isConnected()).isTrue();
    }

    @Test
    void replacesAConnectionThatStaysSilent() {
        feed.start();
        loop.turn();
        Session connection = succeed();
        loop.advance(SILENCE);
        send(receiver(), "a sign of life");
        loop.advance(SILENCE.minusSeconds(1));
        assertThat(connection.isOpen()).isTrue();

        loop.advance(SILENCE.dividedBy(4).plusSeconds(1));

        assertThat(connection.isOpen()).isFalse();
        assertThat(events).endsWith("disconnected");
    }

    @Test
    void doesNotMindSilenceWhenNothingIsAskedFor() {
        feed.start();
        loop.turn();
        Session connection = succeed();
        expecting = false;
        loop.advance(SILENCE.multipliedBy(10));
        expecting = true;
        loop.advance(SILENCE.minusSeconds(1));

        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void oneThatCannotBePausedOrResumedIsMadeAnew() {
        for (boolean atPause : List.of(true, false)) {
            pressed = false;
            feed = feed(this::connect);
            feed.start();
            loop.turn();
            attempts.get(attempts.size() - 1).complete(new Stubborn(atPause));
            loop.turn();
            pressed = true;
            feed.pressureChanged();
            loop.turn();
            pressed = false;
            feed.pressureChanged();
            loop.turn();

            assertThat(events).last().isEqualTo("disconnected");
            assertWaitsBeforeNextAttempt(Duration.ofMillis(500));
        }
    }

    /** @param atPause else at the end of that */
    private record Stubborn(boolean atPause) implements UpstreamConnection {
        @Override
        public CompletableFuture<Void> updateSubscriptions(
                Set<String> current, Set<String> added, Set<String> removed) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void pause() {
            if (atPause) {
                throw new IllegalStateException("broken");
            }
        }

        @Override
        public void resume() {
            throw new IllegalStateException("broken");
        }

        @Override
        public CompletableFuture<Void> closeAsync() {
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void pausesTheUpstreamUnderPressure() {
        feed.start();
        loop.turn();
        Session first = succeed();
        pressed = true;
        feed.pressureChanged();
        loop.turn();
        assertThat(first.isPaused()).isTrue();

        // silence is nothing strange then
        loop.advance(SILENCE.multipliedBy(2));
        assertThat(first.isOpen()).isTrue();

        receiver().onClose(LOST);
        loop.advance(Duration.ofMillis(500));
        Session second = succeed();
        assertThat(second.isPaused()).isTrue();

        pressed = false;
        feed.pressureChanged();
        loop.turn();
        assertThat(second.isPaused()).isFalse();
    }

    @Test
    void dropsAConnectionThatCannotBeTold() {
        feed.start();
        loop.turn();
        Session connection = succeed();

        feed.drop(connection, "cannot be told");

        assertThat(connection.isOpen()).isFalse();
        assertWaitsBeforeNextAttempt(Duration.ofMillis(500));
    }

    @Test
    void connectsNoMoreWhenClosed() {
        feed.start();
        loop.turn();
        Session connection = succeed();
        CompletableFuture<Void> closed = feed.closeAsync();
        loop.advance(Duration.ofDays(1));

        assertThat(closed).isCompleted();
        assertThat(connection.isOpen()).isFalse();
        assertThat(attempts).hasSize(1);
    }

    @Test
    void closesAConnectionThatIsMadeTooLate() {
        feed.start();
        loop.turn();
        CompletableFuture<Void> closed = feed.closeAsync();
        loop.turn();

        assertThat(closed).isCompleted();
        assertThat(attempts.get(0)).isCancelled();
    }

    @Test
    void triesEachOfSeveralBeforeItWaits() {
        feed = feed(Upstream.failover(List.of(this::connect, this::connect, this::connect)));
        feed.start();
        loop.turn();
        fail();
        assertThat(attempts).hasSize(2);
        loop.advance(Duration.ofSeconds(10));
        assertThat(attempts).hasSize(3);
        fail();
        assertWaitsBeforeNextAttempt(Duration.ofMillis(500));
        succeed();

        receiver().onClose(LOST);
        loop.turn();

        assertWaitsBeforeNextAttempt(Duration.ofSeconds(1));
        fail();
        assertThat(attempts).hasSize(6);
    }

    @Test
    void aMessageThatIsUnderWayOnAnotherThreadComesBeforeTheLoss() throws Exception {
        feed.start();
        loop.turn();
        Session connection = succeed();
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        onMessage = () -> {
            begun.countDown();
            Quick.await(mayEnd);
        };
        UpstreamReceiver receiver = receiver();
        var sender = new Thread(() -> send(receiver, "under way"));
        sender.start();
        begun.await();
        var dropper = new Thread(() -> feed.drop(connection, "is not wanted"));
        dropper.start();
        Eventually.until(
                "the end waits, or is over",
                () -> dropper.getState() == Thread.State.WAITING || dropper.getState() == Thread.State.TERMINATED);
        mayEnd.countDown();
        sender.join();
        dropper.join();
        send(receiver, "late");
        receiver.onGap(null, 1);

        assertThat(events).containsExactly("connected", "under way", "disconnected");
    }

    @Test
    void dropsWhatComesBehindTheEndThatTheUpstreamHasTold() {
        feed.start();
        loop.turn();
        succeed();
        receiver().onClose(LOST);
        send(receiver(), "late");
        receiver().onGap(null, 1);
        loop.turn();

        assertThat(events).containsExactly("connected", "disconnected");
    }

    @Test
    void replacesAConnectionWhoseMessageTheProxyFailsOn() {
        feed.start();
        loop.turn();
        Session connection = succeed();
        onMessage = () -> {
            throw new OutOfMemoryError("not really");
        };
        assertThatThrownBy(() -> send(receiver(), "1")).isInstanceOf(OutOfMemoryError.class);
        onMessage = null;
        send(receiver(), "2");
        loop.turn();

        assertThat(connection.isOpen()).isFalse();
        assertThat(events).containsExactly("connected", "disconnected");
        assertWaitsBeforeNextAttempt(Duration.ofMillis(500));
    }

    @Test
    void doesNotWaitForEverForAConnectionToClose() {
        feed.start();
        loop.turn();
        succeed().closeWith(CompletableFuture::new);
        try (LogLines lines = LogLines.of(Farewell.class, Level.WARNING)) {
            CompletableFuture<Void> closed = feed.closeAsync();
            loop.advance(Farewell.PATIENCE.minusNanos(1));
            assertThat(closed).isNotDone();
            loop.advance(Duration.ofNanos(1));

            assertThat(closed).isCompleted();
            assertThat(lines.at(Level.WARNING)).singleElement().asString().contains("took longer than PT10S");
        }
    }

    @Test
    void aConnectionThatCannotBeClosedIsReplacedAllTheSameAndWarnedOfOnce() {
        try (LogLines lines = LogLines.of(Farewell.class, Level.WARNING)) {
            feed.start();
            loop.turn();
            for (Supplier<CompletableFuture<Void>> bad : BAD_CLOSES) {
                Session connection = succeed();
                connection.closeWith(bad);
                feed.drop(connection, "is not wanted");
                loop.advance(Duration.ofSeconds(8));
            }
            succeed().closeWith(BAD_CLOSES.get(0));
            CompletableFuture<Void> closed = feed.closeAsync();
            loop.turn();

            assertThat(closed).isCompleted();
            assertThat(attempts).hasSize(BAD_CLOSES.size() + 1);
            assertThat(lines.at(Level.WARNING)).singleElement().asString().contains("failed: ");
        }
    }

    @Test
    void whatAPeerSaysIsOneShortLineOfTheLog() {
        String nasty = "bye\r\nWARNING: all is well\u001b[2J\u202e\u0000" + "x".repeat(100_000);
        try (LogLines lines = LogLines.of(Feed.class, Level.WARNING)) {
            feed.start();
            loop.turn();
            attempts.get(0).completeExceptionally(new IOException(nasty));
            loop.turn();
            loop.advance(Duration.ofSeconds(1));
            succeed();
            receiver().onClose(new CloseReason(4000, nasty));
            loop.turn();

            assertThat(lines.at(Level.WARNING))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .contains("bye")
                            .doesNotContainPattern("[\\p{Cntrl}\u202e]")
                            .hasSizeLessThan(600));
        }
    }
}
