package io.mutil.codec.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an outbox holds, in the order in which it leaves: single pieces, turns whose pieces leave in their place, and the
 * pieces that are being written. Used under the lock of its {@link FrameOutbox}.
 */
final class Departures {
    /** Pieces and turns. */
    private final ArrayDeque<Object> entries = new ArrayDeque<>();
    /** What is being written. TLS may tell of what has left in another order, so these are told of in turn. */
    private final ArrayDeque<Piece> taken = new ArrayDeque<>();

    void add(Piece piece) {
        entries.add(piece);
    }

    void add(Turn turn) {
        entries.add(turn);
    }

    /** Whether nothing waits for the drain; an open turn does, even without a piece. */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean isFirst(Turn turn) {
        return entries.peek() == turn;
    }

    /** The next piece to write; null if there is none now. */
    @Nullable
    Piece take() {
        dropEnded();
        Piece piece = entries.peek() instanceof Turn turn ? turn.pieces.poll() : (Piece) entries.poll();
        if (piece != null) {
            taken.add(piece);
        }
        dropEnded();
        return piece;
    }

    private void dropEnded() {
        while (entries.peek() instanceof Turn turn && !turn.open && turn.pieces.isEmpty()) {
            entries.remove();
        }
    }

    /** The turn that everything else waits for. */
    @Nullable
    Turn firstTurn() {
        return entries.peek() instanceof Turn turn ? turn : null;
    }

    /** A turn gets no more pieces; those who waited for its end and need not any more go to the consumer. */
    void end(Turn turn, Consumer<CompletableFuture<Void>> done) {
        turn.open = false;
        Object last = turn.pieces.isEmpty() ? before(turn) : turn;
        for (CompletableFuture<Void> mark : turn.marks) {
            if (!mark(last, mark)) {
                done.accept(mark);
            }
        }
        turn.marks.clear();
        if (turn.pieces.isEmpty()) {
            entries.remove(turn);
        }
    }

    private @Nullable Object before(Turn turn) {
        Object before = null;
        for (Object entry : entries) {
            if (entry == turn) {
                break;
            }
            before = entry;
        }
        return before;
    }

    /** Has the future told when everything so far has left; false if it has. */
    boolean mark(CompletableFuture<Void> done) {
        return mark(entries.peekLast(), done);
    }

    /**
     * Has the future told when this entry has left and with it all before it.
     *
     * @param entry null for what has been taken
     * @return false if that has happened
     */
    private boolean mark(@Nullable Object entry, CompletableFuture<Void> done) {
        if (entry instanceof Turn turn && turn.open) {
            turn.marks.add(done);
            return true;
        }
        Piece piece =
                entry == null ? taken.peekLast() : entry instanceof Turn turn ? turn.pieces.peekLast() : (Piece) entry;
        if (piece == null) {
            return false;
        }
        piece.mark(done);
        return true;
    }

    /** Pieces that have left, and all before them, since this was last asked. */
    List<Piece> retire() {
        var done = new ArrayList<Piece>(1);
        while (!taken.isEmpty() && taken.element().isGone()) {
            done.add(taken.remove());
        }
        return done;
    }

    /** A piece that was taken could not leave. */
    void failed(Piece piece) {
        taken.remove(piece);
    }

    /**
     * What will never leave.
     *
     * @param marks who waited for the end of a turn
     */
    record Dropped(List<Piece> pieces, List<CompletableFuture<Void>> marks, List<Turn> turns) {}

    /** Drops everything that was not taken. */
    Dropped clear() {
        var dropped = new Dropped(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Object entry : entries) {
            if (entry instanceof Turn turn) {
                dropped.turns.add(turn);
                dropped.pieces.addAll(turn.pieces);
                dropped.marks.addAll(turn.marks);
                turn.pieces.clear();
                turn.marks.clear();
            } else {
                dropped.pieces.add((Piece) entry);
            }
        }
        entries.clear();
        return dropped;
    }
}
