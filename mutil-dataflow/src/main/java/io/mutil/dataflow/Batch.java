package io.mutil.dataflow;

import io.mutil.codec.Codec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers the items of the next message of an egress and encodes them, once for all peers. */
final class Batch<T, M> {
    /** One item per message, not in an array. */
    static final int NONE = 0;

    private final Codec<? super T> codec;
    private final int maxItems;
    private final Wire<M> wire;
    private final Failures<T> failures;
    private final List<T> items = new ArrayList<>();

    Batch(Codec<? super T> codec, int maxItems, Wire<M> wire, Failures<T> failures) {
        this.codec = codec;
        this.maxItems = maxItems;
        this.wire = wire;
        this.failures = failures;
    }

    /** Adds an item; true if the batch is complete. */
    boolean add(T item) {
        items.add(item);
        return items.size() >= maxItems;
    }

    int size() {
        return items.size();
    }

    /** Empties the batch without a message. */
    void clear() {
        items.clear();
    }

    /** Empties the batch into a message; null if none of its items could be encoded. */
    @Nullable
    M take() {
        try {
            return encode();
        } catch (RuntimeException | Error e) {
            return takeGood();
        } finally {
            items.clear();
        }
    }

    /** One bad item must not take the others with it. */
    private @Nullable M takeGood() {
        items.removeIf(item -> {
            try {
                wire.release(wire.encode(buffer -> codec.encode(item, buffer)));
                return false;
            } catch (RuntimeException | Error e) {
                failures.add(item, e);
                return true;
            }
        });
        return items.isEmpty() ? null : encode();
    }

    private M encode() {
        return maxItems == NONE
                ? wire.encode(buffer -> codec.encode(items.get(0), buffer))
                : wire.encode(buffer -> codec.encodeAll(items, buffer));
    }
}
