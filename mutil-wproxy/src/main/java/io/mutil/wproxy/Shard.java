package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The subscribers of one event loop. One task of the loop delivers the batches that have come to all of them. */
final class Shard {
    /**
     * Bytes of batches that are delivered with one flush, about, and how many of them to one subscriber, which has room for
     * so many: fewer system calls for a loop that is behind.
     */
    private static final long AT_ONE_GO = 1 << 20;

    private static final long AT_ONE_GO_TO_ONE = 256 << 10;

    private final Hub hub;
    private final int index;
    private final ScheduledExecutorService loop;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private final Queue<Batch> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable deliver = this::deliver;
    private final List<Batch> delivering = new ArrayList<>();
    private final List<Outlet> touched = new ArrayList<>();
    private final List<Key> touchedKeys = new ArrayList<>();
    private long mostToOne;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();

    Shard(Hub hub, int index, ScheduledExecutorService loop) {
        this.hub = hub;
        this.index = index;
        this.loop = loop;
    }

    int index() {
        return index;
    }

    ScheduledExecutorService loop() {
        return loop;
    }

    /** Runs a task on the loop, later; never if that has ended. */
    void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // the proxy is closed, and nothing is left to be done
            return;
        }
    }

    void add(Subscriber subscriber) {
        subscribers.add(subscriber);
    }

    void remove(Subscriber subscriber) {
        if (subscribers.remove(subscriber)) {
            subscriber.left();
        }
    }

    /** Those that are there now; from any thread. */
    Set<Subscriber> subscribers() {
        return subscribers;
    }

    /** Takes a batch over. From the thread that makes batches. */
    void accept(Batch batch) {
        inbox.add(batch);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(deliver);
            } catch (RejectedExecutionException e) {
                // the loop has ended
                scheduled.set(false);
                for (Batch batch = inbox.poll(); batch != null; batch = inbox.poll()) {
                    batch.leave();
                }
            }
        }
    }

    /** Delivers what has come, up to a limit, with one flush for each subscriber. */
    private void deliver() {
        scheduled.set(false);
        try {
            offerAll();
            finish();
        } finally {
            delivering.forEach(Batch::leave);
            delivering.clear();
            if (!inbox.isEmpty()) {
                schedule();
            }
        }
    }

    private void offerAll() {
        long bytes = 0;
        mostToOne = 0;
        while (bytes < AT_ONE_GO && mostToOne < AT_ONE_GO_TO_ONE) {
            Batch batch = inbox.poll();
            if (batch == null) {
                return;
            }
            delivering.add(batch);
            offer(batch);
            bytes += batch.bytes();
        }
    }

    /** Somebody gets so many bytes with the next flush. */
    void gathered(long bytes) {
        mostToOne = Math.max(mostToOne, bytes);
    }

    private void offer(Batch batch) {
        Messages wholes = batch.wholes();
        if (wholes != null) {
            deliverWholes(batch, wholes, requireNonNull(batch.everything()));
        }
        Messages elements = batch.elements();
        if (elements != null) {
            deliverElements(batch, elements);
        }
        if (!batch.gaps().isEmpty()) {
            finish();
            breakOff(batch.gaps());
            finish();
        }
    }

    private void finish() {
        for (Key key : touchedKeys) {
            finish(key.join(index));
        }
        touchedKeys.clear();
        for (Outlet outlet : touched) {
            outlet.guard(outlet::finish);
        }
        touched.clear();
    }

    private static void finish(Key.PerLoop own) {
        Subscribers alike = own.alike();
        for (int i = 0; i < alike.size(); i++) {
            Outlet outlet = alike.get(i).outlet();
            outlet.guard(() -> outlet.take(own.runs()));
        }
        own.runs().clear();
    }

    private void deliverWholes(Batch batch, Messages wholes, Key everything) {
        Key.PerLoop own = everything.join(index);
        Subscribers members = own.subscribers();
        for (int i = 0; i < members.size(); i++) {
            members.get(i).outlet().offerWholes(batch, wholes, everything);
        }
        own.delivered(batch.firstOffset() + wholes.size() - 1, null);
    }

    private void deliverElements(Batch batch, Messages elements) {
        Batch.Mentions mentions = batch.mentions();
        for (int i = 0; i < mentions.size(); i++) {
            Key.PerLoop own = mentions.key(i).at(index);
            if (own != null) {
                offer(batch, elements, i, own);
            }
        }
        if (hub.remembers()) {
            remember(mentions, elements);
        }
    }

    private void offer(Batch batch, Messages elements, int mention, Key.PerLoop own) {
        if (own.alike().size() > 0) {
            if (own.runs().size() == 0) {
                touchedKeys.add(batch.mentions().key(mention));
            }
            int element = batch.mentions().element(mention);
            own.runs().add(batch, elements, element, element + 1);
            gathered(own.runs().bytes());
        }
        Subscribers members = own.subscribers();
        for (int i = 0; i < members.size(); i++) {
            members.get(i).offer(batch, elements, mention);
        }
    }

    private void remember(Batch.Mentions mentions, Messages elements) {
        for (int i = 0; i < mentions.size(); i++) {
            Element last = hub.keepsLast() ? elements.copy(mentions.element(i)) : null;
            mentions.key(i).join(index).delivered(mentions.offset(i), last);
        }
    }

    /** Messages are missing behind what was delivered before. */
    private void breakOff(List<Gap> gaps) {
        for (Gap gap : gaps) {
            Key.PerLoop own = gap.key().join(index);
            if (gap.isCounted()) {
                own.skipTo(gap.offset());
            } else {
                own.breakOff(gap.offset());
            }
            tell(own.alike(), gap);
            tell(own.subscribers(), gap);
        }
    }

    private static void tell(Subscribers members, Gap gap) {
        for (int i = 0; i < members.size(); i++) {
            Subscriber subscriber = members.get(i);
            subscriber.outlet().guard(() -> subscriber.lost(gap));
        }
    }

    void touched(Outlet outlet) {
        touched.add(outlet);
    }

    void delivered(int messages) {
        delivered.lazySet(delivered.get() + messages);
    }

    void missed(long messages) {
        missed.lazySet(missed.get() + messages);
    }

    /** Messages that were too many for slow subscribers so far. */
    long missed() {
        return missed.get();
    }

    /** Messages handed to connections so far. */
    long delivered() {
        return delivered.get();
    }
}
