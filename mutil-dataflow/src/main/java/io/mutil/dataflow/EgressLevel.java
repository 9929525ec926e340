package io.mutil.dataflow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An egress of a {@link Dataflow}, for those who run one in their own way.
 *
 * <p>Immutable.
 *
 * @param <T> items
 */
public final class EgressLevel<T> {
    private final String name;
    private final @Nullable Filter<? super T> filter;
    private final Edge edge;
    private final ErrorHandler<? super T> onError;
    private final @Nullable Supervision supervision;
    private final Egress<T> egress;
    private final Egress.Opener<T> opener;

    EgressLevel(
            String name,
            @Nullable Filter<? super T> filter,
            Edge edge,
            ErrorHandler<? super T> onError,
            @Nullable Supervision supervision,
            Egress<T> egress,
            Egress.Opener<T> opener) {
        this.name = name;
        this.filter = filter;
        this.edge = edge;
        this.onError = onError;
        this.supervision = supervision;
        this.egress = egress;
        this.opener = opener;
    }

    /** Name of the level. */
    public String name() {
        return name;
    }

    /** Which items it wants; empty if all. */
    public Optional<Filter<? super T>> filter() {
        return Optional.ofNullable(filter);
    }

    /** The queues into it. */
    public Edge edge() {
        return edge;
    }

    /** Who is told of items that failed here. */
    public ErrorHandler<? super T> onError() {
        return onError;
    }

    /** What happens when it fails; empty if the topology does not say. */
    public Optional<Supervision> supervision() {
        return Optional.ofNullable(supervision);
    }

    /** Where items go. */
    public Egress<T> egress() {
        return egress;
    }

    Egress.Opener<T> opener() {
        return opener;
    }

    /** The same level with other ends of its items. */
    EgressLevel<T> into(Egress<T> other) {
        return new EgressLevel<>(name, filter, edge, onError, supervision, other, other.opener());
    }
}
