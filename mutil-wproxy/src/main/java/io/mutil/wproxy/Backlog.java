package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What waits for a subscriber that is behind, within limits, and what it has lost. Confined to the subscriber's loop. */
final class Backlog {
    /** Bytes of a frame that are no payload, at most. */
    private static final int HEADER = 16;

    private final SlowPolicy policy;
    private final QueueLimits limits;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    /** Instead of the queue once that was full, if the policy is to conflate. In order of arrival. */
    private @Nullable LinkedHashMap<Key, Waiting> latest;

    /** Lost at the head of the queue, to be told before the next message of the key, or at the end. */
    private final Map<Key, Long> lostBefore = new LinkedHashMap<>();

    /** Lost behind the tail of the queue, to be told before the next message that comes in. */
    private final Map<Key, Long> lostBehind = new LinkedHashMap<>();

    /** Said before anything that waits; a later one of the same subject takes the place of the one before. */
    private final Map<Object, Element> notices = new LinkedHashMap<>();

    private long bytes;
    private long missed;

    /** @param lost messages of the key that were lost right before this one */
    private record Waiting(Key key, Element message, long since, long lost) {}

    Backlog(SlowPolicy policy, QueueLimits limits) {
        this.policy = policy;
        this.limits = limits;
    }

    /**
     * Adds a message, or loses one.
     *
     * @param now in nanoseconds
     * @return false if the policy is to close the connection
     */
    boolean add(Key key, Element message, long now) {
        boolean full = isFull(message, now);
        if (full && policy == SlowPolicy.CLOSE) {
            return false;
        }
        if (full && policy == SlowPolicy.DROP_NEWEST) {
            lose(lostBehind, key, 1);
            return true;
        }
        if (full && policy == SlowPolicy.CONFLATE && latest == null && !key.isEverything()) {
            conflate();
        }
        if (key.isEverything()) {
            // whole messages are all different
            stopConflating();
        }
        var waiting = new Waiting(key, message, now, take(lostBehind, key));
        if (latest != null && latest.containsKey(key)) {
            replace(latest, waiting);
            while (bytes > limits.bytes() && size() > 1) {
                dropOldest();
            }
        } else {
            while (isFull(message, now)) {
                dropOldest();
            }
            append(waiting);
        }
        return true;
    }

    private boolean isFull(Element message, long now) {
        Waiting oldest = oldest();
        return oldest != null
                && (bytes + message.bytes() > limits.bytes() || size() >= limits.messages() || isTooOld(oldest, now));
    }

    /** What is the latest of its key is never too old. */
    private boolean isTooOld(Waiting oldest, long now) {
        return latest == null && now - oldest.since() > limits.age().toNanos();
    }

    private void conflate() {
        var byKey = new LinkedHashMap<Key, Waiting>();
        for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            if (byKey.containsKey(waiting.key())) {
                bytes -= waiting.message().bytes();
                replace(byKey, waiting);
            } else {
                byKey.put(waiting.key(), waiting);
            }
        }
        latest = byKey;
    }

    /** In the place of the one before, or a key that changes all the time would never have its turn. */
    private void replace(Map<Key, Waiting> where, Waiting waiting) {
        Waiting old = requireNonNull(where.get(waiting.key()));
        long lost = sum(sum(old.lost(), 1), waiting.lost());
        where.put(waiting.key(), new Waiting(waiting.key(), waiting.message(), waiting.since(), lost));
        bytes += waiting.message().bytes() - old.message().bytes();
        missed++;
    }

    private void stopConflating() {
        if (latest != null) {
            queue.addAll(latest.values());
            latest = null;
        }
    }

    private void append(Waiting waiting) {
        if (latest != null) {
            latest.put(waiting.key(), waiting);
        } else {
            queue.add(waiting);
        }
        bytes += waiting.message().bytes();
    }

    private void dropOldest() {
        Waiting oldest = poll();
        if (oldest != null) {
            add(lostBefore, oldest.key(), oldest.lost());
            lose(lostBefore, oldest.key(), 1);
        }
    }

    /** Others have lost messages of a key, behind everything that waits. */
    void lose(Key key, long count) {
        add(lostBehind, key, count);
    }

    private void lose(Map<Key, Long> where, Key key, long count) {
        add(where, key, count);
        missed += count;
    }

    private static void add(Map<Key, Long> where, Key key, long count) {
        if (count != 0) {
            where.merge(key, count, Backlog::sum);
        }
    }

    /** One that nobody knows makes a sum that nobody knows. */
    private static long sum(long one, long other) {
        return one == Notices.UNKNOWN || other == Notices.UNKNOWN ? Notices.UNKNOWN : one + other;
    }

    private static long take(Map<Key, Long> from, Key key) {
        Long count = from.remove(key);
        return count == null ? 0 : count;
    }

    private @Nullable Waiting oldest() {
        if (latest != null) {
            Iterator<Waiting> first = latest.values().iterator();
            return first.hasNext() ? first.next() : null;
        }
        return queue.peek();
    }

    private @Nullable Waiting poll() {
        Waiting oldest = oldest();
        if (oldest == null) {
            return null;
        }
        if (latest != null) {
            latest.remove(oldest.key());
        } else {
            queue.remove();
        }
        bytes -= oldest.message().bytes();
        return oldest;
    }

    /**
     * Says something as soon as there is room.
     *
     * @param subject what it is about
     */
    void tell(Object subject, Element notice) {
        notices.remove(subject);
        notices.put(subject, notice);
    }

    /** Forgets what waits of these keys and what is lost of them. Goes over what waits once, however many keys there are. */
    void removeAll(Set<Key> keys) {
        notices.keySet().removeIf(keys::contains);
        lostBefore.keySet().removeIf(keys::contains);
        lostBehind.keySet().removeIf(keys::contains);
        Collection<Waiting> waiting = latest != null ? latest.values() : queue;
        waiting.removeIf(one -> {
            boolean goes = keys.contains(one.key());
            bytes -= goes ? one.message().bytes() : 0;
            return goes;
        });
    }

    /**
     * Takes the next messages out, the oldest first, with what has to be told about lost ones.
     *
     * @param maxBytes a larger message comes alone
     */
    void moveTo(Messages target, long maxBytes) {
        notices.values().forEach(target::add);
        notices.clear();
        for (Waiting next = oldest(); next != null && hasRoom(target, next.message(), maxBytes); next = oldest()) {
            poll();
            tell(target, next.key(), sum(take(lostBefore, next.key()), next.lost()));
            target.add(next.message());
        }
        if (size() == 0) {
            tellAll(target, lostBefore);
            tellAll(target, lostBehind);
            latest = null;
        }
    }

    private static boolean hasRoom(Messages target, Element next, long maxBytes) {
        long frames = target.payloadBytes() + (long) HEADER * target.size();
        return target.size() == 0 || frames + HEADER + next.bytes() <= maxBytes;
    }

    private static void tell(Messages target, Key key, long lost) {
        if (lost != 0) {
            target.add(Notices.gap(key.name(), lost));
        }
    }

    private static void tellAll(Messages target, Map<Key, Long> lost) {
        lost.forEach((key, count) -> tell(target, key, count));
        lost.clear();
    }

    /** Whether there is nothing to send or to tell. */
    boolean isEmpty() {
        return size() == 0 && notices.isEmpty() && lostBefore.isEmpty() && lostBehind.isEmpty();
    }

    int size() {
        return latest != null ? latest.size() : queue.size();
    }

    long bytes() {
        return bytes;
    }

    /** Messages that were lost so far. */
    long missed() {
        return missed;
    }
}
