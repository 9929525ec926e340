package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What one call asks for otherwise than the cache does. Immutable. */
public final class Options {
    /** Nothing. */
    public static final Options DEFAULT = new Options(null, false);

    private final @Nullable Freshness freshness;
    private final boolean refresh;

    private Options(@Nullable Freshness freshness, boolean refresh) {
        this.freshness = freshness;
        this.refresh = refresh;
    }

    /**
     * With another rule, by which what is there is judged, and what is fetched is kept. It may give what is there longer than the
     * rule of the cache does. An answer with a {@linkplain Key#named name} is found on the disk by rules that give its file the same
     * name.
     */
    public Options freshness(Freshness freshness) {
        return new Options(requireNonNull(freshness, "freshness"), refresh);
    }

    /**
     * Whatever is there, the origin is asked, though with validators if there are any. A fetch that is under way already is
     * joined.
     */
    public Options refresh() {
        return new Options(freshness, true);
    }

    @Nullable
    Freshness freshness() {
        return freshness;
    }

    boolean isRefresh() {
        return refresh;
    }

    @Override
    public String toString() {
        return "Options[freshness=" + freshness + ", refresh=" + refresh + "]";
    }
}
