package io.mutil.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A body in the heap that is too large for memory: in pieces, since an array that grows is copied again and again. */
final class Pieces {
    private static final int PIECE = 64 << 10;

    private final HeapBudget budget;
    private final List<byte[]> all = new ArrayList<>();
    private byte[] last = {};
    private int used;
    private long reserved;

    Pieces(HeapBudget budget) {
        this.budget = budget;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Takes what remains; false if there is no room for all of it. */
    boolean add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (used == last.length && !begin(bytes.remaining())) {
                return false;
            }
            int part = Math.min(last.length - used, bytes.remaining());
            bytes.get(last, used, part);
            used += part;
        }
        return true;
    }

    /** One that is just large enough if there is no room for a whole one. */
    private boolean begin(int needed) {
        int size = PIECE;
        if (!budget.take(size)) {
            size = Math.min(size, needed);
            if (!budget.take(size)) {
                return false;
            }
        }
        reserved += size;
        last = new byte[size];
        all.add(last);
        used = 0;
        return true;
    }

    Body body() {
        var pieces = new ArrayList<byte[]>(all);
        pieces.set(pieces.size() - 1, used == last.length ? last : Arrays.copyOf(last, used));
        return new Body.InPieces(pieces);
    }

    /** Lets go of all of it; what {@link #body} gave stays. */
    void clear() {
        all.clear();
        last = new byte[0];
        used = 0;
        budget.give(reserved);
        reserved = 0;
    }
}
