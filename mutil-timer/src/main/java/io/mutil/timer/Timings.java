package io.mutil.timer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What came of all timers that were told to go {@linkplain Section#into into} it, by path: how often, how many failed, how long.
 *
 * <pre>{@code
 * Timings timings = Timings.create();
 * for (Path file : files) {
 *     try (Timer load = Timer.named("load").into(timings).start()) {
 *         String text = Timer.call("parse", () -> Files.readString(file));    // load/parse
 *         Timer.run("store", () -> store(text));                               // load/store
 *     }
 * }
 * System.out.println(timings.report());
 * }</pre>
 *
 * <p>It holds a bounded number of paths, each with a histogram of 30 KiB at most and of a few in practice. Once there are as many, the
 * sections of any new path, and all inside them, are counted together as {@code (other)}, whose share is that of those which are
 * outermost; the paths that it knows go on as before.
 *
 * <p>Safe for many threads. Figures that are read while others record may miss their latest, but fit each other: no more failed than
 * there are, and no mean is above the longest.
 */
public final class Timings {
    /** Also what a section may be called that has nothing to do with it. */
    private static final String OTHER = "(other)";

    private static final int DEFAULT_PATHS = 1_000;

    private final int maxPaths;
    private final Node root = Node.root();
    private final Node other = root.fresh(OTHER);
    /** That part of it which is inside no section. */
    private final Node outermostOther = other.part();

    private final ReentrantLock adding = new ReentrantLock();
    private volatile int paths;

    private Timings(int maxPaths) {
        this.maxPaths = maxPaths;
    }

    /** Makes one for at most 1,000 paths. */
    public static Timings create() {
        return create(DEFAULT_PATHS);
    }

    /**
     * Makes one.
     *
     * @param maxPaths how many paths it tells apart; positive
     */
    public static Timings create(int maxPaths) {
        Checks.positive("maxPaths", maxPaths);
        return new Timings(maxPaths);
    }

    Node root() {
        return root;
    }

    /** The node of a section inside another. */
    Node node(Node around, String name) {
        if (around == other || around == outermostOther) {
            return other;
        }
        Node known = around.child(name);
        return known == null ? add(around, name) : known;
    }

    private Node add(Node around, String name) {
        if (paths >= maxPaths) {
            return around == root ? outermostOther : other;
        }
        adding.lock();
        try {
            Node raced = around.child(name);
            return raced == null ? addLocked(around, name) : raced;
        } finally {
            adding.unlock();
        }
    }

    private Node addLocked(Node around, String name) {
        if (paths >= maxPaths) {
            return around == root ? outermostOther : other;
        }
        Node fresh = around.fresh(name);
        around.adopt(fresh);
        int now = paths + 1;
        paths = now;
        return fresh;
    }

    /**
     * The figures so far: each section before those inside it, and beside each other those first that took longest in total. If there
     * were too many paths, {@code (other)} is the last.
     */
    public List<SectionStats> stats() {
        var stats = new ArrayList<SectionStats>();
        Deque<Ranked> toVisit = new ArrayDeque<>();
        push(toVisit, root, outermostTotal());
        while (!toVisit.isEmpty()) {
            Ranked next = toVisit.pop();
            stats.add(next.node.stats(share(next.total, next.around)));
            push(toVisit, next.node, next.node.total());
        }
        SectionStats rest = other.stats(share(outermostOther.total(), outermostTotal()));
        if (rest.count() > 0) {
            stats.add(rest);
        }
        return List.copyOf(stats);
    }

    /** A node with its time, which stands still while nodes are sorted by it, and that of what is around it. */
    private record Ranked(Node node, long total, long around) {}

    private static void push(Deque<Ranked> toVisit, Node node, long total) {
        node.children().stream()
                .map(child -> new Ranked(child, child.total(), total))
                .sorted(Comparator.comparingLong(Ranked::total)
                        .thenComparing(ranked -> ranked.node.name(), Comparator.reverseOrder()))
                .forEach(toVisit::push);
    }

    private long outermostTotal() {
        return root.children().stream().mapToLong(Node::total).sum() + outermostOther.total();
    }

    private static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }

    /** The figures so far as a table, a line for each path, those inside others indented; for people, and so without a fixed form. */
    public String report() {
        return ReportTable.of(stats());
    }

    @Override
    public String toString() {
        return "Timings[" + paths + " of at most " + maxPaths + " paths]";
    }
}
