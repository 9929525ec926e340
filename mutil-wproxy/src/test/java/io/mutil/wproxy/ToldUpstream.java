package io.mutil.wproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A connection that notes what it is told, and answers when the test says so. */
final class ToldUpstream implements UpstreamConnection {
    private final List<String> calls = new ArrayList<>();
    private CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);
    private Set<String> current = Set.of();
    private boolean paused;
    private boolean closed;
    private Supplier<CompletableFuture<Void>> closing = () -> CompletableFuture.completedFuture(null);

    @Override
    public CompletableFuture<Void> updateSubscriptions(Set<String> now, Set<String> added, Set<String> removed) {
        current = now;
        calls.add(new TreeSet<>(now) + " +" + new TreeSet<>(added) + " -" + new TreeSet<>(removed));
        return answer;
    }

    @Override
    public CompletableFuture<Void> updateEverything(boolean wanted) {
        calls.add("everything " + wanted);
        return answer;
    }

    /** What it was told since the last time that this was asked. */
    List<String> calls() {
        List<String> result = List.copyOf(calls);
        calls.clear();
        return result;
    }

    Set<String> current() {
        return current;
    }

    /** From now on calls complete with this. */
    void answerWith(CompletableFuture<Void> answer) {
        this.answer = answer;
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
        closed = true;
        return closing.get();
    }

    /** What {@link #closeAsync} does. */
    void closeWith(Supplier<CompletableFuture<Void>> closing) {
        this.closing = closing;
    }

    boolean isClosed() {
        return closed;
    }
}
