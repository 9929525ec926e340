package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.FrameParser;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Takes the requests of a peer to the handler, so many at a time, and what it says back. */
final class Answers implements Inlet.Taker {
    static final int ANSWERED = 0;
    static final int FAILED = 1;

    /** The longest text for people that is sent, or believed. */
    static final int MAX_REASON_BYTES = 1024;

    /** What an asker is told whom nobody here answers. */
    static final String NO_REQUESTS = "this end answers no requests";

    private static final Logger LOGGER = System.getLogger(Answers.class.getName());
    private static final int HEADER_BYTES = Long.BYTES + 1;

    private final Connection connection;
    private final RequestHandler handler;
    private final int concurrent;
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean held;

    Answers(Connection connection, RequestHandler handler, int concurrent) {
        this.connection = connection;
        this.handler = handler;
        this.concurrent = concurrent;
    }

    @Override
    public boolean take(FrameParser frames) throws IOException {
        if (frames.length() < Long.BYTES) {
            throw tooShort(frames);
        }
        if (connection.maxPayload() < HEADER_BYTES) {
            throw new IOException("request of a peer that takes at most " + connection.maxPayload()
                    + " bytes, which no answer fits into; raise its limit");
        }
        if (running.get() >= concurrent) {
            held = true;
            // looked at once more, because the last one may have ended before it could see that
            if (running.get() >= concurrent) {
                return false;
            }
        }
        ByteBuffer body = frames.whole();
        if (body == null) {
            return false;
        }
        long id = body.order(ByteOrder.LITTLE_ENDIAN).getLong();
        ByteBuffer request = body.slice();
        running.incrementAndGet();
        connection.closing().later(() -> start(id, request));
        return true;
    }

    static IOException tooShort(FrameParser frames) {
        return new IOException("request of " + frames.length() + " bytes; the peer does not speak this protocol");
    }

    /** Refuses a request on a connection where nobody answers any. Without room that is left out: the asker has a deadline. */
    static void refuse(Connection connection, long id) {
        if (connection.maxPayload() >= HEADER_BYTES) {
            connection.outbox().tryWrite(Kinds.RESPONSE, failure(connection, id, NO_REQUESTS));
        }
    }

    private void start(long id, ByteBuffer request) {
        try {
            connection.executor().execute(() -> run(id, request));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.WARNING, () -> "the executor has no thread for a request, closing " + connection, e);
            connection.closing().start(new CloseReason(CloseReason.TRY_LATER, "no thread for a request"));
            ended();
        }
    }

    private void run(long id, ByteBuffer request) {
        try {
            reply(id, request);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, () -> "an answer could not be sent on " + connection, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended();
        }
    }

    private void reply(long id, ByteBuffer request) throws IOException, InterruptedException {
        ByteBuffer body;
        boolean interrupted = false;
        try {
            ByteBuffer answer = requireNonNull(handler.answer(request), "answer");
            requireTaken(answer.remaining());
            body = body(id, ANSWERED, answer);
            answered.increment();
        } catch (RequestFailedException e) {
            body = failure(id, String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            LOGGER.log(Level.WARNING, () -> "a request failed on " + connection, e);
            body = failure(id, "the request failed; the log of the peer says why");
            interrupted = e instanceof InterruptedException;
        }
        connection.outbox().write(Kinds.RESPONSE, body);
        if (interrupted) {
            // not before, because that would keep the asker from being told
            Thread.currentThread().interrupt();
        }
    }

    /** That the peer takes less is its own affair, of which it is told; it could ask for as many warnings as it likes. */
    private void requireTaken(int bytes) throws RequestFailedException {
        long most = connection.maxPayload() - HEADER_BYTES;
        if (bytes > most) {
            throw new RequestFailedException("the answer has " + bytes + " bytes, of which this asker takes " + most
                    + "; raise its FrameFormat.maxBytes");
        }
    }

    private ByteBuffer failure(long id, String reason) {
        failed.increment();
        return failure(connection, id, reason);
    }

    private static ByteBuffer failure(Connection connection, long id, String reason) {
        ByteBuffer text = ByteBuffer.wrap(reason.getBytes(UTF_8));
        int room = (int) Math.min(MAX_REASON_BYTES, Math.max(0, connection.maxPayload() - HEADER_BYTES));
        return body(id, FAILED, text.limit(Math.min(text.limit(), room)));
    }

    private static ByteBuffer body(long id, int status, ByteBuffer rest) {
        return ByteBuffer.allocate(Math.addExact(HEADER_BYTES, rest.remaining()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(id)
                .put((byte) status)
                .put(rest.duplicate())
                .flip();
    }

    private void ended() {
        running.decrementAndGet();
        if (held) {
            held = false;
            connection.inlet().inbox().advance();
        }
    }

    int running() {
        return running.get();
    }

    long answered() {
        return answered.sum();
    }

    long failed() {
        return failed.sum();
    }
}
