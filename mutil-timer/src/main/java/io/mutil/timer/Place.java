package io.mutil.timer;

import org.jspecify.annotations.Nullable;

/** Where a section is among others. Knows no timer, so that those which were closed long ago can go. */
final class Place {
    /** What would be deeper is put beside the deepest. */
    static final int DEEPEST = 64;

    private final String name;
    private final @Nullable Place around;
    private final int depth;
    private final @Nullable Timings timings;
    private final @Nullable Node node;

    /**
     * Inside another.
     *
     * @param chosen null if it goes where the one around it does
     * @param around null if it is outermost
     */
    Place(String name, @Nullable Timings chosen, @Nullable Place around) {
        this.name = name;
        this.around = around == null || around.depth < DEEPEST ? around : around.around;
        depth = this.around == null ? 1 : this.around.depth + 1;
        timings = chosen == null && around != null ? around.timings : chosen;
        node = timings == null ? null : timings.node(nodeAround(timings), name);
    }

    private Node nodeAround(Timings timings) {
        for (Place place = around; place != null; place = place.around) {
            if (place.timings == timings && place.node != null) {
                return place.node;
            }
        }
        return timings.root();
    }

    void record(long nanos, boolean isFailed) {
        if (node != null) {
            node.record(nanos, isFailed);
        }
    }

    /** Names from the outermost section on, such as {@code load/parse}. */
    String path() {
        return around == null ? name : around.path() + "/" + name;
    }
}
