package io.mutil.wproxy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Up to where a client has the messages of its keys, from an earlier connection.
 *
 * @param epoch the life of a proxy that the offsets are of; null if it has none
 * @param offsets by key
 * @param everything offset of whole messages; null if it has none
 */
record Since(
        @Nullable String epoch,
        Map<String, Long> offsets,
        @Nullable Long everything) {
    static final Since NOTHING = new Since(null, Map.of(), null);

    static Since read(JsonNode value) throws Order.RefusedException {
        JsonNode epoch = value.path("epoch");
        JsonNode keys = value.path("keys");
        JsonNode everything = value.path("everything");
        if (!value.isObject() || !epoch.isString() || !(keys.isObject() || keys.isMissingNode())) {
            throw refused();
        }
        var offsets = new HashMap<String, Long>();
        for (Map.Entry<String, JsonNode> entry : keys.properties()) {
            offsets.put(entry.getKey(), offset(entry.getValue()));
        }
        return new Since(epoch.asString(), offsets, everything.isMissingNode() ? null : offset(everything));
    }

    private static long offset(JsonNode value) throws Order.RefusedException {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
            throw refused();
        }
        return value.asLong();
    }

    private static Order.RefusedException refused() {
        return new Order.RefusedException(
                "Since must be true, or an object as {\"epoch\": \"...\", \"keys\": {\"AAPL\": 17}}");
    }

    private @Nullable Long offset(Key key) {
        return key.isEverything() ? everything : offsets.get(key.name());
    }

    /** What a client gets that has just subscribed to these keys: where it stands, what is lost, and what is kept. */
    void replay(Collection<Key> keys, String current, History history, Subscriber to) {
        var starts = new LinkedHashMap<Key, Long>();
        var notices = new LinkedHashMap<Object, Element>();
        var messages = new ArrayList<History.Kept>();
        for (Key key : keys) {
            Key.PerLoop own = key.join(to.shard().index());
            long upTo = own.delivered();
            Long known = offset(key);
            long start = known == null ? upTo : start(own, known, current.equals(epoch));
            starts.put(key, start);
            if (known != null && start != known) {
                notices.put(new Object(), Notices.gap(key.name(), Notices.UNKNOWN));
            }
            List<History.Kept> kept =
                    history.since(key, start, upTo, to.outlet().queueLimits());
            if (upTo - start > kept.size()) {
                notices.put(new Object(), Notices.gap(key.name(), upTo - start - kept.size()));
            }
            messages.addAll(kept);
        }
        messages.sort(Comparator.comparingLong(History.Kept::order));
        to.startCounting();
        to.outlet().say(Notices.since(current, starts));
        to.outlet().tell(notices);
        to.outlet().replay(messages);
    }

    /** The offset that the client can go on from. */
    private static long start(Key.PerLoop own, long known, boolean sameEpoch) {
        boolean ofThisLife = sameEpoch && known <= own.delivered();
        return ofThisLife ? Math.max(known, own.base()) : own.delivered();
    }
}
