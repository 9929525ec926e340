package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the application what becomes of a request, where it may block.
 *
 * <p>About so many at a time and no more, while so many others stand in line: strangers who come and go faster than it
 * answers get a refusal. Safe for many threads.
 */
final class Inquiry {
    /** Nobody is asked. */
    static final Inquiry NONE = new Inquiry(task -> {}, null, 0, 0);

    private static final Logger LOGGER = System.getLogger(Inquiry.class.getName());
    private static final Answer BUSY = Answer.refusal(
            new Refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests at a time, try again later"));
    private static final Answer NO_THREAD = Answer.refusal(
            new Refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "no thread for this request, try again later"));
    private static final Answer FAILED =
            Answer.refusal(new Refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the server failed"));

    private final Executor executor;
    private final @Nullable UpgradeHandler handler;
    private final int maxTurns;
    private final int maxLine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Question> line = new LinkedHashSet<>();
    private int turns;

    /**
     * @param maxTurns how many may be asked about at a time
     * @param maxLine how many more may wait for their turn
     */
    Inquiry(Executor executor, @Nullable UpgradeHandler handler, int maxTurns, int maxLine) {
        this.executor = executor;
        this.handler = handler;
        this.maxTurns = maxTurns;
        this.maxLine = maxLine;
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
     * @param then gets the answer, on the thread that found it; not if the question was withdrawn in time
     * @return withdraws the question, whose answer nobody waits for any more
     */
    Runnable ask(UpgradeRequest request, Resources.@Nullable Resource resource, Consumer<Answer> then) {
        var question = new Question(request, resource, then);
        switch (place(question)) {
            case TURN -> start(question);
            case LINE -> {}
            case NONE -> then.accept(BUSY);
        }
        return question::withdraw;
    }

    private enum Place {
        TURN,
        LINE,
        NONE
    }

    private Place place(Question question) {
        lock.lock();
        try {
            if (turns < maxTurns) {
                turns++;
                return Place.TURN;
            }
            return line.size() < maxLine && line.add(question) ? Place.LINE : Place.NONE;
        } finally {
            lock.unlock();
        }
    }

    /** Starts this one, which has a turn; if that fails, the turn is that of the next. */
    private void start(Question first) {
        Question question = first;
        while (question != null && !question.isTaken()) {
            question = endTurn();
        }
    }

    /** Gives the turn to whoever waits longest; null if nobody does. */
    private @Nullable Question endTurn() {
        lock.lock();
        try {
            Iterator<Question> waiting = line.iterator();
            if (!waiting.hasNext()) {
                turns--;
                return null;
            }
            Question next = waiting.next();
            waiting.remove();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void startNext() {
        Question next = endTurn();
        if (next != null) {
            start(next);
        }
    }

    private void leaveLine(Question question) {
        lock.lock();
        try {
            line.remove(question);
        } finally {
            lock.unlock();
        }
    }

    /** One request, and who waits for the answer. */
    private final class Question implements Runnable {
        private final UpgradeRequest request;
        private final Resources.@Nullable Resource resource;
        private final Consumer<Answer> then;
        // an executor may fail after it has taken the task
        private final AtomicBoolean begun = new AtomicBoolean();
        private volatile boolean withdrawn;

        Question(UpgradeRequest request, Resources.@Nullable Resource resource, Consumer<Answer> then) {
            this.request = request;
            this.resource = resource;
            this.then = then;
        }

        /** Whether the executor takes it, and its turn lasts until {@link #run} ends it. */
        boolean isTaken() {
            try {
                executor.execute(this);
                return true;
            } catch (Throwable e) {
                return !isRefused(e);
            }
        }

        private boolean isRefused(Throwable why) {
            if (!begun.compareAndSet(false, true)) {
                return false;
            }
            LOGGER.log(Level.WARNING, () -> "the executor has no thread, refusing " + request + " with 503", why);
            then.accept(NO_THREAD);
            return true;
        }

        @Override
        public void run() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            Answer answer;
            try {
                answer = withdrawn ? null : decideOrFail();
            } finally {
                startNext();
            }
            if (answer != null) {
                then.accept(answer);
            }
        }

        private Answer decideOrFail() {
            try {
                return decide();
            } catch (Throwable e) {
                LOGGER.log(Level.WARNING, () -> "no answer from the application, refusing " + request + " with 500", e);
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                return FAILED;
            }
        }

        private Answer decide() throws Exception {
            UpgradeAnswer answer = handler == null
                    ? UpgradeAnswer.accept()
                    : requireNonNull(handler.onUpgrade(request), "the handler gave null; give an UpgradeAnswer");
            Resources.Resource made = answer.refusal() != null || resource == null ? null : resource.make();
            return new Answer(answer.refusal(), answer.attachment(), made);
        }

        /** Nobody is asked any more; a turn that it has lasts until the executor comes to it, which holds it until then. */
        void withdraw() {
            withdrawn = true;
            leaveLine(this);
        }
    }
}
