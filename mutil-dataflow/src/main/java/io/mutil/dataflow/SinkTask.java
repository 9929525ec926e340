package io.mutil.dataflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands the items of an inbox to an in-process sink. */
final class SinkTask<T> extends ReceiverTask<T> implements Succession.Place<Sink<? super T>> {
    private final String level;
    private final Sink<? super T> sink;
    private final @Nullable StartHook hook;
    private final Failures<T> failures;
    private final Succession<Sink<? super T>> succession;
    /** Why it has to start again, which nobody knows yet. */
    private @Nullable Throwable wanted;

    /** @param hook called again when the sink starts again */
    SinkTask(
            FlowContext context,
            EgressLevel<T> level,
            Stage stage,
            Sink<? super T> sink,
            @Nullable StartHook hook,
            Failures<T> failures) {
        super(context, context.executor(), level.edge(), stage);
        this.level = level.name();
        this.sink = sink;
        this.hook = hook;
        this.failures = failures;
        this.succession = new Succession<>(context, level.supervision().orElse(Supervision.skip()), this);
    }

    @Override
    long restarts() {
        return succession.count();
    }

    @Override
    boolean take(T item) {
        try {
            sink.accept(item);
        } catch (Throwable e) {
            failures.add(item, e);
            if (succession.isWanted(e)) {
                wanted = e;
            }
        }
        return wanted == null;
    }

    /** To begin is the last thing that a turn does: another thread may go on before this returns. */
    @Override
    boolean endTurn(boolean last) {
        Throwable failure = wanted;
        if (failure == null) {
            return true;
        }
        wanted = null;
        succession.begin(failure);
        return false;
    }

    @Override
    void aborted() {
        succession.giveUp();
    }

    @Override
    public String part() {
        return "the sink of '" + level + "'";
    }

    @Override
    public Sink<? super T> start() throws Exception {
        if (hook != null) {
            hook.started(new LevelContext(level, Optional.empty()));
        }
        return sink;
    }

    @Override
    public void notStarted(Throwable failure) {
        failures.increment();
    }

    @Override
    public void discard(Sink<? super T> late) {
        // A function needs no end.
    }

    @Override
    public void settled(@Nullable Sink<? super T> next) {
        resume();
    }
}
