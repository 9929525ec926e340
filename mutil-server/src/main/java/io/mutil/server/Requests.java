package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.FrameParser;
import io.mutil.codec.internal.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests and their answers on a connection, in both directions, beside the frames that are written and read.
 *
 * <p>Any number of requests may be outstanding; answers come in any order. Requests and answers take their turn among the
 * frames that leave. Those that arrive are dealt with whether anybody reads or not, but a frame for a reader holds up what
 * came behind it until it is read. Needs {@link Handshake#VERSION_2}.
 *
 * <p>Safe for many threads. Futures complete on any thread that uses or closes the connection, or on its event loop: what
 * depends on a future must never block.
 *
 * <pre>{@code
 * Server.builder(keys).onConnection(connection -> Requests.on(connection, this::lookUp)).start();
 *
 * Requests requests = Requests.on(connection);
 * ByteBuffer answer = requests.ask(question, Duration.ofSeconds(2));
 * }</pre>
 */
public final class Requests {
    private static final int CONCURRENT = 64;
    private static final int ID_BYTES = Long.BYTES;
    private static final int STATUS_BYTES = 1;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Connection connection;
    private final Answers answers;
    private final ConcurrentHashMap<Long, CompletableFuture<ByteBuffer>> outstanding = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private final LongAdder late = new LongAdder();

    private Requests(Connection connection, RequestHandler handler, int concurrent) {
        this.connection = connection;
        this.answers = new Answers(connection, handler, concurrent);
    }

    /**
     * Begins to ask on a connection. Requests of the peer are refused.
     *
     * @throws IllegalStateException if there are requests on this connection already
     * @throws UnsupportedOperationException if the handshake was another than {@link Handshake#VERSION_2}
     */
    public static Requests on(Connection connection) {
        return on(connection, request -> {
            throw new RequestFailedException(Answers.NO_REQUESTS);
        });
    }

    /** As {@link #on(Connection, RequestHandler, int)}, answering 64 requests at a time. */
    public static Requests on(Connection connection, RequestHandler handler) {
        return on(connection, handler, CONCURRENT);
    }

    /**
     * Begins to ask and to answer on a connection. Requests that came before wait for this, unless somebody reads: then they
     * have been refused.
     *
     * @param concurrent how many requests are answered at a time. While there are as many, nothing that came behind them
     *     is read, answers included: an answer that is found by asking the same peer back may have to wait for its own
     *     deadline. The peer decides how long they are: together they take up to this many times the longest frame
     *     accepted, 64 times 16 MiB by default, so lower one of the two for peers that are not trusted
     * @throws IllegalStateException if there are requests on this connection already
     * @throws UnsupportedOperationException if the handshake was another than {@link Handshake#VERSION_2}
     */
    public static Requests on(Connection connection, RequestHandler handler, int concurrent) {
        requireNonNull(handler, "handler");
        if (concurrent < 1) {
            throw new IllegalArgumentException("concurrent must be positive, was " + concurrent);
        }
        if (!connection.typed()) {
            throw new UnsupportedOperationException("requests need Handshake.VERSION_2, not " + connection.handshake()
                    + "; write frames and find out which is the answer to which");
        }
        var requests = new Requests(connection, handler, concurrent);
        connection.inlet().serve(requests.answers, requests::response);
        connection.closing().whenEnded(requests::ended);
        return requests;
    }

    /**
     * Asks and waits for the answer; not for event-loop threads.
     *
     * @param request unchanged, and free again afterwards
     * @param timeout for all of it, the wait for room in the outbound queue included
     * @return the answer, which is the caller's
     * @throws RequestFailedException if the peer did not answer, with its words
     * @throws TimeoutException if no answer came in time; the peer may still find one, which is dropped when it comes
     * @throws IOException if the connection broke or is closed; the peer may have dealt with the request
     * @throws IllegalArgumentException if the request is longer than a frame less 8 bytes, or the timeout not positive
     * @throws InterruptedException if interrupted; the answer is dropped when it comes
     */
    public ByteBuffer ask(ByteBuffer request, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        connection.refuseEventLoop("ask", "askAsync");
        requirePositive(timeout);
        long nanos = timeout.toNanos();
        long deadline = System.nanoTime() + nanos;
        long id = asked.incrementAndGet();
        CompletableFuture<ByteBuffer> answer = expect(id);
        try {
            ByteBuffer body = body(id, request);
            if (!answer.isDone()) {
                var unused = connection.outbox().writeWithin(Kinds.REQUEST, body, nanos);
            }
            return Waiting.get(answer, Duration.ofNanos(deadline - System.nanoTime()));
        } catch (TimeoutException e) {
            throw timeout(timeout);
        } finally {
            outstanding.remove(id);
        }
    }

    /**
     * As {@link #ask}, without waiting; the request must not be changed before the future completes.
     *
     * @return fails with what {@link #ask} throws, and with {@link io.mutil.codec.QueueFullException} if there was no room
     *     for the request. Cancelling drops the answer when it comes
     */
    public CompletableFuture<ByteBuffer> askAsync(ByteBuffer request, Duration timeout) {
        requirePositive(timeout);
        long id = asked.incrementAndGet();
        CompletableFuture<ByteBuffer> answer = expect(id);
        var unused = answer.whenComplete((a, e) -> outstanding.remove(id));
        if (answer.isDone()) {
            return answer;
        }
        try {
            send(id, request, answer);
            expire(answer, timeout);
        } catch (RuntimeException e) {
            answer.cancel(false);
            throw e;
        }
        return answer;
    }

    private void expire(CompletableFuture<ByteBuffer> answer, Duration timeout) {
        try {
            ScheduledFuture<?> deadline = connection
                    .channel()
                    .eventLoop()
                    .schedule(
                            () -> answer.completeExceptionally(timeout(timeout)),
                            timeout.toNanos(),
                            TimeUnit.NANOSECONDS);
            var unused = answer.whenComplete((a, e) -> deadline.cancel(false));
        } catch (RejectedExecutionException e) {
            // the loops have ended, and the connection with them
            answer.completeExceptionally(connection.closing().failure());
        }
    }

    private void send(long id, ByteBuffer request, CompletableFuture<ByteBuffer> answer) {
        var unused = connection
                .outbox()
                .writeAsync(Kinds.REQUEST, body(id, request))
                .whenComplete((v, e) -> {
                    if (e != null) {
                        answer.completeExceptionally(e);
                    }
                });
    }

    private CompletableFuture<ByteBuffer> expect(long id) {
        var answer = new CompletableFuture<ByteBuffer>();
        outstanding.put(id, answer);
        // looked at behind the put, so that either this or the end sees the other
        if (!connection.isOpen()) {
            answer.completeExceptionally(connection.closing().failure());
        }
        return answer;
    }

    private static ByteBuffer body(long id, ByteBuffer request) {
        return ByteBuffer.allocate(Math.addExact(ID_BYTES, request.remaining()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(id)
                .put(request.duplicate())
                .flip();
    }

    private static TimeoutException timeout(Duration timeout) {
        return new TimeoutException("no answer within " + timeout + "; the peer may still be at it");
    }

    private static void requirePositive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout must be positive and at most a year, was " + timeout);
        }
    }

    /** An {@link Inlet.Taker}. */
    private boolean response(FrameParser frames) throws IOException {
        if (frames.length() < ID_BYTES + STATUS_BYTES) {
            throw new IOException("response of " + frames.length() + " bytes; the peer does not speak this protocol");
        }
        ByteBuffer body = frames.whole();
        if (body == null) {
            return false;
        }
        long id = body.order(ByteOrder.LITTLE_ENDIAN).getLong();
        int status = body.get();
        CompletableFuture<ByteBuffer> answer = outstanding.remove(id);
        if (answer == null) {
            late.increment();
            return true;
        }
        connection.closing().later(() -> complete(answer, status, body.slice()));
        return true;
    }

    private static void complete(CompletableFuture<ByteBuffer> answer, int status, ByteBuffer rest) {
        if (status == Answers.ANSWERED) {
            answer.complete(rest);
        } else {
            ByteBuffer text = rest.limit(Math.min(rest.limit(), Answers.MAX_REASON_BYTES));
            answer.completeExceptionally(new RequestFailedException(
                    FileName.shownWords(UTF_8.decode(text).toString())));
        }
    }

    private void ended() {
        IOException why = connection.closing().failure();
        outstanding.values().forEach(answer -> answer.completeExceptionally(why));
    }

    /** What has happened so far. */
    public Stats stats() {
        return new Stats(
                outstanding.size(), asked.get(), late.sum(), answers.running(), answers.answered(), answers.failed());
    }

    /**
     * Counters and gauges of the requests on a connection.
     *
     * @param outstanding own requests that wait for their answer now
     * @param asked own requests
     * @param late answers that came when nobody waited for them any more
     * @param running requests of the peer that are being answered now
     * @param answered requests of the peer that were answered
     * @param failed requests of the peer that were not
     */
    public record Stats(int outstanding, long asked, long late, int running, long answered, long failed) {}

    @Override
    public String toString() {
        return "Requests[" + outstanding.size() + " outstanding, " + answers.running() + " being answered, "
                + connection + "]";
    }
}
