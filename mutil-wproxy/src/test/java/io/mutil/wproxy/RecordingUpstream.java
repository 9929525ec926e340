package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mutil.server.CloseReason;
import io.mutil.testkit.Eventually;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An upstream without a network, which notes what it is asked for and complains about what is not a difference. */
final class RecordingUpstream implements Upstream {
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private volatile boolean holding;

    /** What was said in one call of {@link UpstreamConnection#updateSubscriptions}. */
    record Call(Set<String> current, Set<String> added, Set<String> removed) {
        @Override
        public String toString() {
            return new TreeSet<>(current) + " +" + new TreeSet<>(added) + " -" + new TreeSet<>(removed);
        }
    }

    /** One connection. */
    final class Session implements UpstreamConnection {
        private final @Nullable UpstreamReceiver receiver;
        private final List<Call> calls = new CopyOnWriteArrayList<>();
        private final List<String> said = new CopyOnWriteArrayList<>();
        private final AtomicBoolean busy = new AtomicBoolean();
        private volatile Set<String> asked = Set.of();
        private volatile boolean everything;
        private volatile boolean open = true;
        private volatile boolean paused;
        private volatile @Nullable CompletableFuture<Void> answer;
        private volatile Supplier<CompletableFuture<Void>> closing = () -> CompletableFuture.completedFuture(null);

        Session(@Nullable UpstreamReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public CompletableFuture<Void> updateSubscriptions(
                Set<String> current, Set<String> added, Set<String> removed) {
            var call = new Call(Set.copyOf(current), Set.copyOf(added), Set.copyOf(removed));
            check(call);
            return begin(call.toString(), () -> {
                asked = call.current();
                calls.add(call);
            });
        }

        private void check(Call call) {
            var after = new LinkedHashSet<>(asked);
            boolean isDifference = after.containsAll(call.removed()) && Collections.disjoint(asked, call.added());
            after.removeAll(call.removed());
            after.addAll(call.added());
            boolean saysSomething = !call.added().isEmpty() || !call.removed().isEmpty();
            if (!isDifference || !saysSomething || !after.equals(call.current())) {
                complaints.add(call + " is no difference to " + asked);
            }
        }

        @Override
        public CompletableFuture<Void> updateEverything(boolean wanted) {
            if (wanted == everything) {
                complaints.add("nothing new: everything " + wanted);
            }
            return begin("everything " + wanted, () -> everything = wanted);
        }

        /** @param note lets tests see the call, which they may answer from then on */
        private CompletableFuture<Void> begin(String call, Runnable note) {
            if (busy.getAndSet(true) || !open) {
                complaints.add("a call on a connection that is busy or closed");
            }
            var done = new CompletableFuture<Void>();
            answer = done;
            said.add(call);
            note.run();
            if (!holding) {
                answer();
            }
            return done;
        }

        /** Completes the call that is held. */
        void answer() {
            CompletableFuture<Void> waiting = answer;
            busy.set(false);
            if (waiting != null) {
                waiting.complete(null);
            }
        }

        /** Fails the call that is held. */
        void refuse() {
            CompletableFuture<Void> waiting = answer;
            busy.set(false);
            if (waiting != null) {
                waiting.completeExceptionally(new IllegalStateException("refused"));
            }
        }

        private UpstreamReceiver receiver() {
            return requireNonNull(receiver, "a receiver");
        }

        void send(String message) {
            receiver().onMessage(true, Unpooled.wrappedBuffer(message.getBytes(UTF_8)));
        }

        void gap(@Nullable String key, long missed) {
            receiver().onGap(key, missed);
        }

        void lose() {
            receiver().onClose(new CloseReason(CloseReason.ABNORMAL, "lost"));
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        boolean isPaused() {
            return paused;
        }

        @Override
        public CompletableFuture<Void> closeAsync() {
            open = false;
            return closing.get();
        }

        /** What {@link #closeAsync} gives, or does. */
        void closeWith(Supplier<CompletableFuture<Void>> closing) {
            this.closing = closing;
        }

        List<Call> calls() {
            return new ArrayList<>(calls);
        }

        /** All that was said since the last time that this was asked, as {@code [a, b] +[b] -[]} and {@code everything true}. */
        List<String> said() {
            List<String> result = List.copyOf(said);
            said.clear();
            return result;
        }

        Set<String> asked() {
            return asked;
        }

        boolean isAskedForEverything() {
            return everything;
        }

        boolean isOpen() {
            return open;
        }
    }

    @Override
    public CompletableFuture<? extends UpstreamConnection> connectAsync(UpstreamReceiver receiver) {
        return CompletableFuture.completedFuture(connect(receiver));
    }

    /** A connection that brings nothing: for tests of what is said to it. */
    Session connect() {
        return connect(null);
    }

    private Session connect(@Nullable UpstreamReceiver receiver) {
        var session = new Session(receiver);
        sessions.add(session);
        return session;
    }

    /** Ends the newest connection, and remembers nothing of those before; returns when there is another. */
    void loseAndForget() {
        Session lost = last();
        sessions.clear();
        lost.lose();
        session(0);
    }

    /** Whether calls wait for {@link Session#answer}. */
    void hold(boolean on) {
        holding = on;
    }

    /** The connection of this number, from 0 on, as soon as it has been made. */
    Session session(int number) {
        Eventually.until("connection " + number, () -> sessions.size() > number);
        return sessions.get(number);
    }

    Session last() {
        return session(Math.max(0, sessions.size() - 1));
    }

    void awaitAsked(Set<String> keys) {
        Eventually.until("asked for " + keys, () -> last().asked().equals(keys));
    }

    /** What was wrong so far. */
    List<String> complaints() {
        return complaints;
    }
}
