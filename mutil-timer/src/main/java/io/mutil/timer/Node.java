package io.mutil.timer;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** All that came of the sections of one path. Safe for many threads. */
final class Node {
    private final String path;
    private final String name;
    private final int depth;
    private final @Nullable Node whole;
    private final ConcurrentHashMap<String, Node> children = new ConcurrentHashMap<>();
    private final Histogram times = new Histogram();
    private final LongAdder total = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLong longest = new AtomicLong();

    private Node(String path, String name, int depth, @Nullable Node whole) {
        this.path = path;
        this.name = name;
        this.depth = depth;
        this.whole = whole;
    }

    /** Above all sections; is none itself. */
    static Node root() {
        return new Node("", "", -1, null);
    }

    @Nullable
    Node child(String name) {
        return children.get(name);
    }

    Collection<Node> children() {
        return children.values();
    }

    /** One below it, which it does not know. */
    Node fresh(String name) {
        return new Node(depth < 0 ? name : path + "/" + name, name, depth + 1, null);
    }

    /** One whose figures are also part of its own. */
    Node part() {
        return new Node(path, name, depth, this);
    }

    void adopt(Node child) {
        children.put(child.name, child);
    }

    /** In the reverse of the order in which {@link #stats} reads, so that figures of the same moment fit each other. */
    void record(long nanos, boolean isFailed) {
        if (nanos > longest.get()) {
            longest.accumulateAndGet(nanos, Math::max);
        }
        times.add(nanos);
        total.add(nanos);
        if (isFailed) {
            failed.increment();
        }
        if (whole != null) {
            whole.record(nanos, isFailed);
        }
    }

    String name() {
        return name;
    }

    long total() {
        return total.sum();
    }

    /**
     * The figures so far.
     *
     * @param share of the time around it
     */
    SectionStats stats(double share) {
        long failures = failed.sum();
        long nanos = total();
        long count = times.count();
        return new SectionStats(
                path,
                name,
                depth,
                count,
                failures,
                Duration.ofNanos(nanos),
                Duration.ofNanos(count == 0 ? 0 : nanos / count),
                quantile(0.5, count),
                quantile(0.9, count),
                quantile(0.99, count),
                Duration.ofNanos(longest.get()),
                share);
    }

    /** The middle of a bucket may be above all that is in it. */
    private Duration quantile(double part, long count) {
        return Duration.ofNanos(Math.min(longest.get(), times.quantile(part, count)));
    }
}
