package io.mutil.dataflow;

import io.mutil.codec.Codec;
import io.mutil.server.PreparedMessage;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers the items of the next message of an egress and encodes them, once for all clients. */
final class Batch<T> {
    /** One item per message, not in an array. */
    static final int NONE = 0;

    private final Codec<? super T> codec;
    private final int maxItems;
    private final ByteBufAllocator allocator;
    private final Failures<T> failures;
    private final List<T> items = new ArrayList<>();

    Batch(Codec<? super T> codec, int maxItems, ByteBufAllocator allocator, Failures<T> failures) {
        this.codec = codec;
        this.maxItems = maxItems;
        this.allocator = allocator;
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
    PreparedMessage take() {
        try {
            return encode();
        } catch (RuntimeException | Error e) {
            return takeGood();
        } finally {
            items.clear();
        }
    }

    /** One bad item must not take the others with it. */
    private @Nullable PreparedMessage takeGood() {
        items.removeIf(item -> {
            try {
                PreparedMessage.text(allocator, buffer -> codec.encode(item, buffer))
                        .release();
                return false;
            } catch (RuntimeException | Error e) {
                failures.add(item, e);
                return true;
            }
        });
        return items.isEmpty() ? null : encode();
    }

    private PreparedMessage encode() {
        return maxItems == NONE
                ? PreparedMessage.text(allocator, buffer -> codec.encode(items.get(0), buffer))
                : PreparedMessage.text(allocator, buffer -> codec.encodeAll(items, buffer));
    }
}
