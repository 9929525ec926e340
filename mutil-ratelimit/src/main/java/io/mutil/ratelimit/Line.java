package io.mutil.ratelimit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is next: reservations whose time is promised, then those who wait, in order of arrival. A reservation is promised its
 * time once only reservations are before it. What is promised is counted in the books when its time has come, so that these
 * never hold what lies ahead, and promised anew when they have changed, but never for an earlier time.
 */
final class Line {
    private final ArrayDeque<Place> promised = new ArrayDeque<>();
    private @Nullable Waiter first;
    private @Nullable Waiter last;
    /** With the promised ones. */
    private int size;
    /** Behind everybody; null if it has to be made anew. */
    private @Nullable LinePlan plan;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    @Nullable
    Waiter first() {
        return first;
    }

    /** When the last reservation that is promised its time has it; if there is none, at the beginning of time. */
    long lastPromise() {
        Place place = promised.peekLast();
        return place == null ? Long.MIN_VALUE : place.due();
    }

    void add(Waiter waiter, long now) {
        waiter.ahead = last;
        waiter.queued = true;
        if (last == null) {
            first = waiter;
        } else {
            last.behind = waiter;
        }
        last = waiter;
        size++;
        if (plan != null) {
            plan.add(now, waiter.permits);
        }
    }

    void remove(Waiter waiter) {
        Waiter ahead = waiter.ahead;
        Waiter behind = waiter.behind;
        if (ahead == null) {
            first = behind;
        } else {
            ahead.behind = behind;
        }
        if (behind == null) {
            last = ahead;
        } else {
            behind.ahead = ahead;
        }
        waiter.ahead = null;
        waiter.behind = null;
        waiter.queued = false;
        size--;
        plan = null;
    }

    List<Waiter> removeIf(Predicate<Waiter> test) {
        var removed = new ArrayList<Waiter>();
        for (Waiter at = first; at != null; at = at.behind) {
            if (test.test(at)) {
                removed.add(at);
            }
        }
        removed.forEach(this::remove);
        return removed;
    }

    /** Promises the reservations at the head of the line their times, for some not for the first time. */
    void promise(Books books, long now) {
        LinePlan known = null;
        while (first instanceof Place place) {
            known = known == null ? planOfPromised(books) : known;
            // its owner may sleep until the time it was told, so it does not use the permits before
            long due = known.add(Math.max(now, place.due()), place.permits);
            remove(place);
            place.promise(due);
            promised.add(place);
            size++;
        }
    }

    /** Takes back what was promised: those reservations are the first in the line again. */
    void withdrawPromises() {
        while (!promised.isEmpty()) {
            Place place = promised.removeLast();
            place.behind = first;
            place.queued = true;
            if (first == null) {
                last = place;
            } else {
                first.ahead = place;
            }
            first = place;
        }
        plan = null;
    }

    /** Counts the promised permits whose time has come; returns how many. */
    int mature(Books books, long now) {
        int permits = 0;
        Place place = promised.peek();
        while (place != null && place.due() <= now) {
            promised.remove();
            size--;
            books.count(place.due(), place.permits);
            permits += place.permits;
            place.mature();
            plan = null;
            place = promised.peek();
        }
        return permits;
    }

    /** Takes a reservation out that is not counted yet. */
    void drop(Place place) {
        if (place.queued) {
            remove(place);
        } else {
            promised.remove(place);
            size--;
            plan = null;
        }
    }

    /** When whoever is behind the promised reservations has its turn. */
    long dueBehindPromised(Books books, long now, int permits) {
        return promised.isEmpty()
                ? books.roomAt(now, permits)
                : planOfPromised(books).roomAt(now, permits);
    }

    /** When somebody who came now would have a turn. */
    long dueAtEnd(Books books, long now, int permits) {
        return isEmpty() ? books.roomAt(now, permits) : planToEnd(books, now).roomAt(now, permits);
    }

    private LinePlan planToEnd(Books books, long now) {
        LinePlan known = plan;
        if (known == null) {
            known = planOfPromised(books);
            for (Waiter at = first; at != null; at = at.behind) {
                known.add(now, at.permits);
            }
            plan = known;
        }
        return known;
    }

    private LinePlan planOfPromised(Books books) {
        LinePlan fresh = books.plan();
        promised.forEach(place -> fresh.addAt(place.due(), place.permits));
        return fresh;
    }

    /** When somebody in the line has its turn. */
    long dueOf(Waiter waiter, Books books, long now) {
        LinePlan fresh = planOfPromised(books);
        long due = now;
        Waiter at = first;
        while (at != null) {
            due = fresh.add(now, at.permits);
            at = at == waiter ? null : at.behind;
        }
        return due;
    }

    /** What is planned holds no longer. */
    void forgetPlan() {
        plan = null;
    }
}
