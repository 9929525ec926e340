package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Carries out what clients ask for. On the loop of the subscriber. */
final class Commands {
    private final Hub hub;

    Commands(Hub hub) {
        this.hub = hub;
    }

    /** Carries out a message as a whole or not at all, and answers it. */
    void run(Subscriber subscriber, String message) {
        Order order;
        try {
            order = Order.read(hub, subscriber, message);
        } catch (Order.RefusedException e) {
            subscriber.outlet().say(e.notice());
            return;
        }
        if (!hasRoomFor(order.added())) {
            subscriber
                    .outlet()
                    .say(Notices.error("Too many keys: at most " + hub.options().maxKeys()
                            + " in all, with those that were wanted a moment ago; try again later"));
            return;
        }
        if (!hub.reserve(order.added().size() - order.removed().size())) {
            subscriber
                    .outlet()
                    .say(Notices.error("Too many subscriptions in all: at most "
                            + hub.options().maxSubscriptionsInAll() + "; try again later"));
            return;
        }
        subscriber.unsubscribe(order.removed());
        List<Key> interrupted = Boolean.FALSE.equals(order.everything())
                ? List.copyOf(subscriber.unsubscribeFromEverything())
                : List.of();
        List<Key> fresh = new ArrayList<>(subscriber.subscribe(order.added()));
        if (Boolean.TRUE.equals(order.everything())) {
            fresh.addAll(subscriber.subscribeToEverything());
        }
        subscriber.outlet().say(Notices.acknowledgement(message));
        goOn(subscriber, interrupted);
        answer(subscriber, order, fresh);
    }

    /** Keys that nobody wants any more count for a while, or they could be made faster than they are forgotten. */
    private boolean hasRoomFor(Set<String> names) {
        long fresh =
                names.stream().filter(name -> hub.ledger().get(name) == null).count();
        return fresh == 0 || hub.ledger().names() + fresh <= hub.options().maxKeys();
    }

    /** Says where keys go on whose messages came in whole ones for a while. */
    private void goOn(Subscriber subscriber, List<Key> keys) {
        if (keys.isEmpty()) {
            return;
        }
        if (subscriber.isCounting()) {
            Since.NOTHING.replay(keys, hub.options().epoch(), requireNonNull(hub.history()), subscriber);
        } else {
            var gaps = new LinkedHashMap<Key, Element>();
            keys.forEach(key -> gaps.put(key, Notices.gap(key.name(), Notices.UNKNOWN)));
            subscriber.outlet().tell(gaps);
        }
    }

    private void answer(Subscriber subscriber, Order order, List<Key> fresh) {
        if (order.stats()) {
            subscriber.outlet().say(Status.notice(subscriber));
        }
        Since since = order.since();
        if (since != null) {
            since.replay(fresh, hub.options().epoch(), requireNonNull(hub.history()), subscriber);
        }
        Set<String> snapshot = order.snapshot();
        if (snapshot != null) {
            subscriber
                    .outlet()
                    .replay(
                            snapshot.isEmpty()
                                    ? lastOf(subscriber, fresh)
                                    : lastOf(subscriber, keys(subscriber, snapshot)));
        }
    }

    private static List<Key> keys(Subscriber subscriber, Set<String> names) {
        return names.stream().map(name -> requireNonNull(subscriber.key(name))).toList();
    }

    private static List<History.Kept> lastOf(Subscriber subscriber, Collection<Key> keys) {
        var messages = new ArrayList<History.Kept>();
        for (Key key : keys) {
            Element last = key.join(subscriber.shard().index()).last();
            if (last != null) {
                messages.add(new History.Kept(key, 0, 0, last));
            }
        }
        return messages;
    }
}
