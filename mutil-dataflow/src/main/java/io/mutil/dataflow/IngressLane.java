package io.mutil.dataflow;

import static java.lang.System.Logger.Level.DEBUG;
import static java.util.Objects.requireNonNull;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The conversations of one event loop that share a sender; lives on that loop, except where it says otherwise. */
final class IngressLane<T> {
    private static final System.Logger LOG = System.getLogger(IngressLane.class.getName());

    private final EventExecutor loop;
    private final Sender<T> sender;
    private final Failures<T> failures;
    private final FlowContext context;
    private final Stage stage;
    private final Map<Object, Conversation<T>> conversations = new HashMap<>();
    private final Set<Conversation<T>> waiting = new HashSet<>();
    private boolean begun;
    private boolean stopped;
    private boolean ended;

    private IngressLane(EventExecutor loop, Sender<T> sender, Failures<T> failures, FlowContext context, Stage stage) {
        this.loop = loop;
        this.sender = sender;
        this.failures = failures;
        this.context = context;
        this.stage = stage;
    }

    /** One lane for each sender, on the loops in turn. */
    static <T> List<IngressLane<T>> open(
            Iterable<EventExecutor> loops,
            List<Sender<T>> senders,
            Failures<T> failures,
            FlowContext context,
            Stage stage) {
        List<IngressLane<T>> lanes = new ArrayList<>();
        Iterator<EventExecutor> next = loops.iterator();
        for (Sender<T> sender : senders) {
            if (!next.hasNext()) {
                next = loops.iterator();
            }
            lanes.add(new IngressLane<>(next.next(), sender, failures, context, stage));
        }
        return lanes;
    }

    EventExecutor loop() {
        return loop;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Lets items in; called by any thread. */
    void begin() {
        execute(() -> {
            begun = true;
            for (Conversation<T> held : List.copyOf(waiting)) {
                step(held, held::deliver);
            }
        });
    }

    /** Lets no more in, and ends its part of the stage when what waits has been handed on; called by any thread. */
    void stop() {
        execute(() -> {
            stopped = true;
            conversations.values().forEach(Conversation::stop);
            endIfDone();
        });
    }

    /** Adds a peer; false if it comes too late. */
    boolean open(Object peer, Origin origin) {
        if (stopped) {
            return false;
        }
        var retry = new Retry();
        var conversation = new Conversation<>(origin, sender, failures, retry, !begun);
        retry.conversation = conversation;
        conversations.put(peer, conversation);
        if (!begun) {
            waiting.add(conversation);
        }
        conversation.begin();
        return true;
    }

    void accept(Object peer, List<T> items) {
        Conversation<T> conversation = conversations.get(peer);
        if (stopped || conversation == null) {
            context.countLost(items.size());
        } else {
            step(conversation, () -> conversation.accept(items));
        }
    }

    /** The items that wait are still handed on. */
    void close(Object peer) {
        conversations.remove(peer);
    }

    private void step(Conversation<T> conversation, Runnable step) {
        step.run();
        // A step may contain others, because reading resumes inside it.
        if (conversation.isWaiting()) {
            waiting.add(conversation);
        } else {
            waiting.remove(conversation);
        }
        endIfDone();
    }

    private void endIfDone() {
        if (stopped && waiting.isEmpty() && !ended) {
            ended = true;
            stage.partDone();
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(DEBUG, "the topology has ended, what waited was counted as lost", e);
        }
    }

    /** Brings a conversation back to its loop when there may be room. */
    private final class Retry implements Runnable {
        private @Nullable Conversation<T> conversation;

        @Override
        public void run() {
            Conversation<T> waits = requireNonNull(conversation);
            execute(() -> step(waits, waits::deliver));
        }
    }
}
