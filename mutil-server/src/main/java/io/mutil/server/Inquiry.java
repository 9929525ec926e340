package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the application what becomes of a request, where it may block.
 *
 * <p>So many at a time and no more: strangers who come and go faster than it answers get a refusal. Safe for many threads.
 */
final class Inquiry {
    /** Nobody is asked. */
    static final Inquiry NONE = new Inquiry(task -> {}, null, 0);

    private static final Logger LOGGER = System.getLogger(Inquiry.class.getName());
    private static final Answer BUSY = Answer.refusal(
            new Refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests at a time, try again later"));
    private static final Answer FAILED =
            Answer.refusal(new Refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the server failed"));

    private final Executor executor;
    private final @Nullable UpgradeHandler handler;
    private final Semaphore free;

    /** @param max how many may be asked about at a time */
    Inquiry(Executor executor, @Nullable UpgradeHandler handler, int max) {
        this.executor = executor;
        this.handler = handler;
        this.free = new Semaphore(max);
    }

    /**
     * What becomes of a request.
     *
     * @param refusal null if there is none
     * @param made the resource asked for, as it is now; null if the WebSocket was, or if there is a refusal
     */
    record Answer(@Nullable Refusal refusal, @Nullable Object attachment, Resources.@Nullable Resource made) {
        static Answer refusal(Refusal refusal) {
            return new Answer(refusal, null, null);
        }
    }

    /** Whether handshakes are asked about. */
    boolean decidesOnHandshakes() {
        return handler != null;
    }

    /**
     * Asks.
     *
     * @param resource what is wanted; null if that is the WebSocket
     * @param then gets the answer, on the thread that found it
     */
    void ask(UpgradeRequest request, Resources.@Nullable Resource resource, Consumer<Answer> then) {
        if (!free.tryAcquire()) {
            then.accept(BUSY);
            return;
        }
        try {
            executor.execute(() -> then.accept(decideOrFail(request, resource)));
        } catch (RejectedExecutionException e) {
            free.release();
            LOGGER.log(Level.WARNING, () -> "the executor has no thread, refusing " + request, e);
            then.accept(BUSY);
        }
    }

    private Answer decideOrFail(UpgradeRequest request, Resources.@Nullable Resource resource) {
        try {
            return decide(request, resource);
        } catch (Throwable e) {
            LOGGER.log(Level.WARNING, () -> "no answer from the application, refusing " + request + " with 500", e);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return FAILED;
        } finally {
            free.release();
        }
    }

    private Answer decide(UpgradeRequest request, Resources.@Nullable Resource resource) throws Exception {
        UpgradeAnswer answer = handler == null
                ? UpgradeAnswer.accept()
                : requireNonNull(handler.onUpgrade(request), "the handler gave null; give an UpgradeAnswer");
        Resources.Resource made = answer.refusal() != null || resource == null ? null : resource.make();
        return new Answer(answer.refusal(), answer.attachment(), made);
    }
}
