package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.QueueFullException;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers between two ends. */
@Timeout(60)
class RequestsTest {
    private static final Duration LONG = ofSeconds(30);
    private static final int BOUND = 256 << 10;

    private static Pair open() throws Exception {
        return Pair.of(Way.tcp(), Handshake.VERSION_2, BOUND);
    }

    private static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes.duplicate()).toString();
    }

    private static String text(CompletableFuture<ByteBuffer> answer) throws Exception {
        return text(answer.get(30, TimeUnit.SECONDS));
    }

    private static Throwable failure(CompletableFuture<?> future) throws Exception {
        try {
            Object result = future.get(30, TimeUnit.SECONDS);
            throw new AssertionError("no failure but " + result);
        } catch (ExecutionException e) {
            return requireNonNull(e.getCause());
        }
    }

    @Test
    void wordsOfThePeerStayOnOneLine() throws Exception {
        try (Pair pair = open()) {
            Requests.on(pair.left(), request -> {
                throw new RequestFailedException("no \"such\"\n2026-01-01 INFO line\u2028or\u2029other\u001b[2J");
            });

            assertThat(failure(Requests.on(pair.right()).askAsync(bytes("x"), LONG)))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessage("no \"such\"\\u000a2026-01-01 INFO line\\u2028or\\u2029other\\u001b[2J");
        }
    }

    @Test
    void interruptOfAHandlerStaysWithItsThread() throws Exception {
        var interrupted = new LinkedBlockingQueue<Boolean>();
        Executor executor = task -> new Thread(() -> {
                    task.run();
                    interrupted.add(Thread.currentThread().isInterrupted());
                })
                .start();
        try (Pair pair = Pair.of(Way.tcp(), builder -> builder.executor(executor))) {
            assertThat(interrupted.poll(30, TimeUnit.SECONDS)).isFalse();
            Requests.on(pair.left(), request -> {
                throw new InterruptedException("planted by a test");
            });

            assertThat(failure(Requests.on(pair.right()).askAsync(bytes("x"), LONG)))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessage("the request failed; the log of the peer says why");
            assertThat(interrupted.poll(30, TimeUnit.SECONDS)).isTrue();

            Handlers.start(
                    executor,
                    connection -> {
                        throw new InterruptedException("planted by a test");
                    },
                    pair.left());
            assertThat(interrupted.poll(30, TimeUnit.SECONDS)).isTrue();
            assertThat(pair.left().isOpen()).isFalse();
        }
    }

    /** Keeps what it is asked until it is let go. */
    private static final class Held implements RequestHandler {
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();

        @Override
        public ByteBuffer answer(ByteBuffer request) throws InterruptedException {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            go.await();
            running.decrementAndGet();
            return request;
        }
    }

    static List<Way> ways() {
        return Way.kinds();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void eitherEndAsksAndGetsItsAnswer(Way way) throws Exception {
        try (Pair pair = Pair.of(way, Handshake.VERSION_2, BOUND)) {
            Requests left = Requests.on(pair.left(), request -> bytes("left heard " + text(request)));
            Requests right = Requests.on(pair.right(), request -> bytes("right heard " + text(request)));

            assertThat(text(left.ask(bytes("this"), LONG))).isEqualTo("right heard this");
            assertThat(text(right.askAsync(bytes("that"), LONG))).isEqualTo("left heard that");
            assertThat(text(right.ask(bytes(""), LONG))).isEqualTo("left heard ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000, 1 << 20, (16 << 20) - 9})
    void payloadsOfAnyLength(int size) throws Exception {
        byte[] sent = new byte[size];
        new Random(size).nextBytes(sent);
        try (Pair pair = open()) {
            Requests.on(pair.left(), request -> request);
            Requests right = Requests.on(pair.right());

            ByteBuffer request = ByteBuffer.wrap(sent);
            assertThat(right.ask(request, LONG).equals(ByteBuffer.wrap(sent))).isTrue();
            assertThat(request.remaining()).isEqualTo(size);
            assertThat(right.askAsync(request, LONG).get(30, TimeUnit.SECONDS).equals(request))
                    .isTrue();
        }
    }

    @Test
    void answersComeInAnyOrder() throws Exception {
        var held = new Held();
        try (Pair pair = open()) {
            Requests.on(pair.left(), request -> text(request).equals("slow") ? held.answer(request) : request);
            Requests right = Requests.on(pair.right());
            var slow = right.askAsync(bytes("slow"), LONG);

            assertThat(text(right.ask(bytes("fast"), LONG))).isEqualTo("fast");
            assertThat(slow).isNotDone();
            held.go.countDown();
            assertThat(text(slow)).isEqualTo("slow");
        }
    }

    @Test
    void manyAskAtOnce() throws Exception {
        try (Pair pair = open()) {
            Requests.on(pair.left(), request -> bytes(text(request) + "!"));
            Requests right = Requests.on(pair.right());
            var answers = new ArrayList<CompletableFuture<ByteBuffer>>();
            for (int i = 0; i < 2_000; i++) {
                answers.add(right.askAsync(bytes("" + i), LONG));
            }

            for (int i = 0; i < 2_000; i++) {
                assertThat(text(answers.get(i))).isEqualTo(i + "!");
            }
            assertThat(right.stats()).isEqualTo(new Requests.Stats(0, 2_000, 0, 0, 0, 0));
        }
    }

    @Test
    void framesPassBesideThem() throws Exception {
        try (Pair pair = open()) {
            Requests.on(pair.left(), request -> request);
            Requests right = Requests.on(pair.right());
            pair.right().write(bytes("frame"));
            var answer = right.askAsync(bytes("behind it"), LONG);

            assertThat(text(requireNonNull(pair.left().read()))).isEqualTo("frame");
            assertThat(text(answer)).isEqualTo("behind it");
            pair.left().write(bytes("back"));
            assertThat(text(requireNonNull(pair.right().read()))).isEqualTo("back");
        }
    }

    /** Without signs of life, which would look at what nobody reads as well. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goOnBehindAFrameThatWasReadInPieces(boolean toItsEnd) throws Exception {
        try (Pair pair = Pair.of(
                Way.tcp(),
                builder -> builder.handshake(Handshake.VERSION_2)
                        .pingInterval(Duration.ZERO)
                        .outboundQueueBytes(8 << 20))) {
            Requests left = Requests.on(pair.left(), request -> request);
            Requests right = Requests.on(pair.right(), request -> request);
            for (int size : new int[] {0, 100, 3 << 20}) {
                CompletableFuture<Void> sent = pair.right().writeAsync(ByteBuffer.allocate(size));
                IncomingFrame frame = requireNonNull(pair.left().next());
                var answer = right.askAsync(bytes("behind it"), LONG);
                while (toItsEnd && frame.read() != null) {
                    assertThat(frame.remaining()).isLessThanOrEqualTo(size);
                }
                frame.close();

                assertThat(text(answer)).isEqualTo("behind it");
                assertThat(text(left.ask(bytes("back"), LONG))).isEqualTo("back");
                sent.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void noMoreAreAnsweredAtATimeThanAllowed() throws Exception {
        var held = new Held();
        try (Pair pair = open()) {
            Requests left = Requests.on(pair.left(), held, 3);
            Requests right = Requests.on(pair.right());
            var answers = new ArrayList<CompletableFuture<ByteBuffer>>();
            for (int i = 0; i < 20; i++) {
                answers.add(right.askAsync(bytes("" + i), LONG));
            }
            Eventually.until("three are being answered", () -> held.running.get() == 3);
            assertThat(left.stats().running()).isEqualTo(3);
            held.go.countDown();

            for (var answer : answers) {
                answer.get(30, TimeUnit.SECONDS);
            }
            assertThat(held.most.get()).isEqualTo(3);
            Eventually.until("all are counted", () -> left.stats().running() == 0);
            assertThat(left.stats().answered()).isEqualTo(20);
        }
    }

    @Test
    void whatTheHandlerSaysReachesTheAsker() throws Exception {
        try (Pair pair = open()) {
            Requests left = Requests.on(pair.left(), request -> {
                throw text(request).equals("known")
                        ? new RequestFailedException("no such symbol")
                        : new IllegalStateException("a secret of this end");
            });
            Requests right = Requests.on(pair.right());

            assertThatThrownBy(() -> right.ask(bytes("known"), LONG))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessage("no such symbol");
            assertThatThrownBy(() -> right.ask(bytes("other"), LONG))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessage("the request failed; the log of the peer says why");
            assertThat(failure(right.askAsync(bytes("known"), LONG))).hasMessage("no such symbol");
            Eventually.until("all are counted", () -> left.stats().failed() == 3);
            assertThat(pair.right().isOpen()).isTrue();
        }
    }

    @Test
    void whoAnswersNothingSaysSo() throws Exception {
        try (Pair pair = open()) {
            Requests.on(pair.left());
            Requests right = Requests.on(pair.right());

            assertThatThrownBy(() -> right.ask(bytes("?"), LONG)).hasMessage("this end answers no requests");
        }
    }

    @Test
    void endWithoutRequestsAnswersNoneAndReadsOn() throws Exception {
        try (Pair pair = open()) {
            Requests right = Requests.on(pair.right());
            var answer = right.askAsync(bytes("?"), LONG);
            pair.right().write(bytes("frame"));

            assertThat(text(requireNonNull(pair.left().read()))).isEqualTo("frame");
            assertThat(failure(answer))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessage("this end answers no requests");
        }
    }

    @Test
    void requestWaitsForWhoeverAnswersLater() throws Exception {
        try (Pair pair = open()) {
            Requests right = Requests.on(pair.right());
            var answer = right.askAsync(bytes("early"), LONG);
            Eventually.until("it has come", () -> pair.left().stats().bytesIn() > 0);
            pair.left().inlet().settle();
            Requests.on(pair.left(), request -> request);

            assertThat(text(answer)).isEqualTo("early");
        }
    }

    @Test
    void answerThatFitsIntoNoFrameFailsAlone() throws Exception {
        try (Pair pair = Pair.of(
                Way.tcp(), Handshake.VERSION_2, FrameFormat.littleEndian(4).maxBytes(100))) {
            Requests.on(pair.left(), request -> ByteBuffer.allocate(request.get()));
            Requests right = Requests.on(pair.right());

            assertThat(right.ask(ByteBuffer.wrap(new byte[] {91}), LONG).remaining())
                    .isEqualTo(91);
            assertThatThrownBy(() -> right.ask(ByteBuffer.wrap(new byte[] {92}), LONG))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageStartingWith("the answer has 92 bytes, of which this asker takes 91");
            assertThatThrownBy(() -> right.ask(ByteBuffer.allocate(93), LONG))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> right.askAsync(ByteBuffer.allocate(93), LONG))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(right.stats().outstanding()).isZero();
        }
    }

    @Test
    void answerThatComesTooLateIsDropped() throws Exception {
        var held = new Held();
        try (Pair pair = open()) {
            Requests.on(pair.left(), held);
            Requests right = Requests.on(pair.right());

            assertThatThrownBy(() -> right.ask(bytes("a"), ofMillis(1)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("no answer within PT0.001S");
            assertThat(failure(right.askAsync(bytes("b"), ofMillis(1)))).isInstanceOf(TimeoutException.class);
            Eventually.until("nobody waits", () -> right.stats().outstanding() == 0);
            held.go.countDown();

            Eventually.until("both were dropped", () -> right.stats().late() == 2);
            assertThat(text(right.ask(bytes("c"), LONG))).isEqualTo("c");
        }
    }

    @Test
    void cancelledAskLeavesNothing() throws Exception {
        var held = new Held();
        try (Pair pair = open()) {
            Requests.on(pair.left(), held);
            Requests right = Requests.on(pair.right());
            right.askAsync(bytes("a"), LONG).cancel(false);

            assertThat(right.stats().outstanding()).isZero();
            held.go.countDown();
            Eventually.until("dropped", () -> right.stats().late() == 1);
        }
    }

    @Test
    void deadlineCoversTheWaitForRoom() throws Exception {
        try (Pair pair = open()) {
            Requests right = Requests.on(pair.right());
            CompletableFuture<ByteBuffer> refused = right.askAsync(ByteBuffer.allocate(BOUND), LONG);
            while (!refused.isDone()) {
                // a peer that had not run for a while reads, and so makes room, after the queue was full
                refused.cancel(false);
                FlowTest.fill(pair.right(), pair.left());
                refused = right.askAsync(ByteBuffer.allocate(BOUND), LONG);
            }

            assertThat(failure(refused)).isInstanceOf(QueueFullException.class);
            assertThatThrownBy(() -> right.ask(ByteBuffer.allocate(BOUND), ofMillis(20)))
                    .isInstanceOf(TimeoutException.class);
            assertThat(right.stats().outstanding()).isZero();
            // what is queued would be waited for
            pair.right().channel().close().sync();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endOfTheConnectionFailsWhoWaits(boolean orderly) throws Exception {
        var held = new Held();
        try (Pair pair = open()) {
            Requests.on(pair.left(), held);
            Requests right = Requests.on(pair.right());
            var answer = right.askAsync(bytes("a"), LONG);
            Eventually.until("asked", () -> held.running.get() == 1);
            Future<?> unused = orderly
                    ? pair.left().closeAsync(3000, "enough")
                    : pair.left().channel().close();

            assertThat(failure(answer)).isInstanceOf(IOException.class).hasMessageContaining("closed");
            assertThatThrownBy(() -> right.ask(bytes("b"), LONG)).isInstanceOf(IOException.class);
            assertThat(failure(right.askAsync(bytes("b"), LONG))).isInstanceOf(IOException.class);
            held.go.countDown();
        }
    }

    @Test
    void interruptedAskLeavesNothing() throws Exception {
        var held = new Held();
        try (Pair pair = open()) {
            Requests.on(pair.left(), held);
            Requests right = Requests.on(pair.right());
            var interrupted = new CompletableFuture<Boolean>();
            var asker = new Thread(() -> {
                try {
                    right.ask(bytes("a"), LONG);
                    interrupted.complete(false);
                } catch (InterruptedException e) {
                    interrupted.complete(true);
                } catch (Exception e) {
                    interrupted.completeExceptionally(e);
                }
            });
            asker.start();
            Eventually.until("asked", () -> held.running.get() == 1);
            asker.interrupt();

            assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(right.stats().outstanding()).isZero();
            held.go.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "VERSION_2", mode = EnumSource.Mode.EXCLUDE)
    void otherHandshakesHaveNone(Handshake handshake) throws Exception {
        try (Pair pair = Pair.of(Way.tcp(), handshake, BOUND)) {
            assertThatThrownBy(() -> Requests.on(pair.left()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("requests need Handshake.VERSION_2, not " + handshake);
        }
    }

    @Test
    void choicesThatMakeNoSenseAreRefused() throws Exception {
        try (Pair pair = open()) {
            assertThatThrownBy(() -> Requests.on(pair.left(), request -> request, 0))
                    .hasMessage("concurrent must be positive, was 0");
            Requests left = Requests.on(pair.left());
            assertThatThrownBy(() -> Requests.on(pair.left()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use already");
            for (Duration timeout : List.of(Duration.ZERO, ofNanos(-1), Duration.ofDays(366))) {
                assertThatThrownBy(() -> left.ask(bytes(""), timeout)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> left.askAsync(bytes(""), timeout))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
