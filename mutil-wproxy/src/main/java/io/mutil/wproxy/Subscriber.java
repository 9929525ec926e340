package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One client, and what it subscribes to. Confined to its loop, but for what {@link Clients} asks. */
final class Subscriber {
    private final Hub hub;
    private final Shard shard;
    private final ClientTerms terms;
    private final Outlet outlet;
    private final Map<String, Key> keys = new HashMap<>(4);
    private volatile @Nullable Key everything;
    /** The key that is all that it has, if so. */
    private @Nullable Key only;

    private @Nullable Future<?> end;

    /** Whether it counts its messages, and so has to know when that breaks off. */
    private boolean counting;

    private volatile int subscriptions;

    Subscriber(Hub hub, Shard shard, Link link, ClientTerms terms) {
        this.hub = hub;
        this.shard = shard;
        this.terms = terms;
        this.outlet = new Outlet(hub, shard, link, terms, this::keyOf);
    }

    // what it subscribes to

    /** Subscribes to keys; gives those that it did not have. */
    List<Key> subscribe(Collection<String> names) {
        var fresh = new ArrayList<Key>();
        standOut();
        for (String name : names) {
            if (!keys.containsKey(name)) {
                Key key = hub.ledger().acquire(name);
                keys.put(name, key);
                at(key).subscribers().add(this);
                fresh.add(key);
            }
        }
        fallIn();
        return fresh;
    }

    void unsubscribe(Collection<String> names) {
        standOut();
        var left = new HashSet<Key>();
        for (String name : names) {
            Key key = keys.remove(name);
            if (key != null) {
                at(key).subscribers().remove(this);
                hub.ledger().release(key);
                left.add(key);
            }
        }
        outlet.forget(left);
        fallIn();
    }

    private Key.PerLoop at(Key key) {
        return key.join(shard.index());
    }

    /** Subscribes to everything; gives the key that stands for that, if it is new. */
    List<Key> subscribeToEverything() {
        if (everything != null) {
            return List.of();
        }
        standOut();
        Key key = hub.ledger().acquireEverything();
        everything = key;
        at(key).subscribers().add(this);
        return List.of(key);
    }

    /**
     * Unsubscribes from everything; gives the keys that are left whose messages are not accounted for: some were in whole
     * messages, and what waited is dropped with those.
     */
    Collection<Key> unsubscribeFromEverything() {
        Key key = everything;
        if (key == null) {
            return List.of();
        }
        everything = null;
        at(key).subscribers().remove(this);
        hub.ledger().release(key);
        fallIn();
        return outlet.dropWaiting() || counting ? keys.values() : List.of();
    }

    /** Before what it subscribes to changes: it is not like others any more. */
    private void standOut() {
        Key key = only;
        if (key != null) {
            only = null;
            at(key).alike().remove(this);
            at(key).subscribers().add(this);
        }
    }

    /** After that: with one key and nothing else it gets what others get that have only that. */
    private void fallIn() {
        subscriptions = keys.size();
        if (everything == null && keys.size() == 1) {
            Key key = keys.values().iterator().next();
            only = key;
            at(key).subscribers().remove(this);
            at(key).alike().add(this);
        }
    }

    // what it gets

    /** Takes one mention of a batch: an element that has a key of this subscriber. */
    void offer(Batch batch, Messages elements, int mention) {
        if (everything == null || everything != batch.everything()) {
            // else it has the whole message
            outlet.offer(
                    batch,
                    elements,
                    batch.mentions().element(mention),
                    batch.mentions().key(mention));
        }
    }

    private Key keyOf(Batch batch, Messages messages, int index) {
        if (only != null) {
            return only;
        }
        Batch.Mentions mentions = batch.mentions();
        if (messages == batch.elements()) {
            int mention = mentions.firstOf(index);
            while (keys.get(mentions.key(mention).name()) != mentions.key(mention)) {
                mention++;
            }
            return mentions.key(mention);
        }
        return requireNonNull(batch.everything());
    }

    /** The upstream has left something out. */
    void lost(Gap gap) {
        boolean gotWholes = everything != null && everything == gap.everything();
        if (!gotWholes || gap.key().isEverything()) {
            outlet.lost(gap, counting);
        }
    }

    /** Ends with the connection, if that ends first. */
    void endLater(Future<?> timer) {
        end = timer;
    }

    /** The connection has ended. */
    void left() {
        outlet.end();
        if (end != null) {
            end.cancel(false);
        }
        hub.reserve(-keys.size());
        unsubscribe(List.copyOf(keys.keySet()));
        unsubscribeFromEverything();
    }

    boolean isSubscribedTo(String name) {
        return keys.containsKey(name);
    }

    boolean hasEverything() {
        return everything != null;
    }

    @Nullable
    Key key(String name) {
        return keys.get(name);
    }

    void startCounting() {
        counting = true;
    }

    boolean isCounting() {
        return counting;
    }

    Shard shard() {
        return shard;
    }

    ClientTerms terms() {
        return terms;
    }

    Outlet outlet() {
        return outlet;
    }

    // from any thread

    int subscriptions() {
        return subscriptions;
    }
}
