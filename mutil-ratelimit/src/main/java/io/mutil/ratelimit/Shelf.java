package io.mutil.ratelimit;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The books of one key in a store: one for each rule by which somebody asked, and for each margin. Whoever asks goes by its
 * own rules, and what it gets counts in all of them.
 */
final class Shelf {
    /** Those that nobody has asked by for the longest time are forgotten beyond. */
    private static final int MOST_BOOKS = 16;

    private final Ticks ticks;
    private final LongSupplier random;
    /** Whose turn it was last comes last. */
    private final Map<Title, Book> books = new LinkedHashMap<>(MOST_BOOKS, 0.75f, true);

    private record Title(Rule rule, long margin) {}

    Shelf(Ticks ticks, LongSupplier random) {
        this.ticks = ticks;
        this.random = random;
    }

    /** Counts permits if they have room; returns for how long they have none. */
    long take(long now, List<Rule> rules, long margin, int permits) {
        sync(now);
        Book[] asked =
                rules.stream().map(rule -> book(now, new Title(rule, margin))).toArray(Book[]::new);
        Checks.weight(permits, most(asked));
        long wait = Plan.roomAt(asked, now, permits) - now;
        if (wait <= 0) {
            books.values().forEach(book -> book.count(now, permits));
        }
        forgetBeyond(Math.max(MOST_BOOKS, asked.length));
        return Math.max(0, wait);
    }

    private void sync(long now) {
        books.values().forEach(book -> {
            var unused = book.sync(now);
        });
    }

    private Book book(long now, Title title) {
        Book known = books.get(title);
        if (known != null) {
            return known;
        }
        Book opened = Books.open(title.rule(), title.margin(), ticks, random);
        Books.fullest(now, List.copyOf(books.values())).ifPresent(fullest -> fullest.replay(now, opened));
        books.put(title, opened);
        return opened;
    }

    private static int most(Book... asked) {
        int most = Integer.MAX_VALUE;
        for (Book book : asked) {
            most = Math.min(most, book.most());
        }
        return most;
    }

    private void forgetBeyond(int most) {
        Collection<Book> all = books.values();
        while (all.size() > most) {
            all.remove(all.iterator().next());
        }
    }

    void giveBack(long now, long about, int permits) {
        sync(now);
        books.values().forEach(book -> book.refund(now, about, permits));
    }

    /** When nothing counts any more, if nothing is added. */
    long emptyAt(long now) {
        sync(now);
        return books.values().stream().mapToLong(Book::emptyAt).max().orElse(Long.MIN_VALUE);
    }
}
