package io.mutil.ratelimit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The books of all rules together, and of the server's word: all have room, or none counts. */
final class Books {
    /** How long an answer holds that goes by the wall clock, which may jump meanwhile. */
    static final long TRUST = Duration.ofSeconds(10).toNanos();

    private final Ticks ticks;
    private final long margin;
    private final LongSupplier random;

    private List<Rule> rules;
    private Book[] books;
    private @Nullable ServerBook server;
    private boolean wall;

    /**
     * @param margin by which windows are wider than the rules say
     * @param random seeds of delays after resets
     */
    Books(List<Rule> rules, long margin, Ticks ticks, LongSupplier random) {
        this.rules = rules;
        this.margin = margin;
        this.ticks = ticks;
        this.random = random;
        books = new Book[rules.size()];
        for (int i = 0; i < books.length; i++) {
            books[i] = open(rules.get(i), margin, ticks, random);
        }
        wall = isWall(rules);
    }

    static Book open(Rule rule, long margin, Ticks ticks, LongSupplier random) {
        if (rule instanceof Rule.SlidingWindow sliding) {
            return new SlidingBook(sliding.permits(), sliding.per().toNanos() + margin);
        }
        if (rule instanceof Rule.FixedWindow fixed) {
            return new FixedBook(fixed, margin, ticks, random.getAsLong());
        }
        return new PacedBook((Rule.Paced) rule, margin);
    }

    static boolean isWall(List<Rule> rules) {
        return rules.stream().anyMatch(Rule.FixedWindow.class::isInstance);
    }

    List<Rule> rules() {
        return rules;
    }

    /** Whether a rule goes by the wall clock. */
    boolean isWall() {
        return wall;
    }

    /** Looks at the wall clock, if a rule goes by it; returns whether that has jumped. */
    boolean sync(long now) {
        boolean jumped = false;
        if (wall) {
            for (Book book : books) {
                jumped |= book.sync(now);
            }
        }
        return jumped;
    }

    /** When to look again for what is to happen at that time. */
    long trusted(long now, long at) {
        return wall ? Math.min(at, now + TRUST) : at;
    }

    /** The largest weight. */
    int most() {
        int most = Integer.MAX_VALUE;
        for (Book book : books) {
            most = Math.min(most, book.most());
        }
        return most;
    }

    long roomAt(long earliest, int permits) {
        return books.length == 1 ? books[0].roomAt(earliest, permits) : Plan.roomAt(books, earliest, permits);
    }

    /** Before when an attempt that does not wait for a permit is certainly in vain, as far as that can be trusted. */
    long opensAt(long now) {
        long at = now;
        for (Book book : books) {
            at = Math.max(at, book.opensAt(now));
        }
        return trusted(now, at);
    }

    /** Somebody waits for so many permits. */
    void expect(long now, int permits) {
        if (wall) {
            for (Book book : books) {
                book.expect(now, permits);
            }
        }
    }

    void count(long at, int permits) {
        for (Book book : books) {
            book.count(at, permits);
        }
    }

    int available(long now) {
        int least = Integer.MAX_VALUE;
        for (Book book : books) {
            least = Math.min(least, book.available(now));
        }
        return least;
    }

    void uncount(long now, long at, int permits) {
        for (Book book : books) {
            book.uncount(now, at, permits);
        }
    }

    void refund(long now, long about, int permits) {
        for (Book book : books) {
            book.refund(now, about, permits);
        }
    }

    long emptyAt() {
        long last = Long.MIN_VALUE;
        for (Book book : books) {
            last = Math.max(last, book.emptyAt());
        }
        return last;
    }

    LinePlan plan() {
        var plans = new Plan[books.length];
        for (int i = 0; i < plans.length; i++) {
            plans[i] = books[i].plan();
        }
        return new LinePlan(plans);
    }

    /** Goes by other rules; those that stay keep their books, the others learn from the one that knows most. */
    void change(long now, List<Rule> newRules) {
        var newBooks = new Book[newRules.size()];
        for (int i = 0; i < newBooks.length; i++) {
            int old = rules.indexOf(newRules.get(i));
            newBooks[i] = old >= 0 ? books[old] : open(newRules.get(i), margin, ticks, random);
            if (old < 0) {
                Book opened = newBooks[i];
                fullest(now, List.of(books)).ifPresent(fullest -> fullest.replay(now, opened));
            }
        }
        books = newBooks;
        rules = newRules;
        wall = isWall(newRules);
        if (server != null) {
            append(server);
        }
    }

    static Optional<Book> fullest(long now, List<Book> books) {
        return books.stream().max(Comparator.comparingInt(book -> book.known(now)));
    }

    private void append(Book book) {
        books = Arrays.copyOf(books, books.length + 1);
        books[books.length - 1] = book;
    }

    /** Returns whether it holds back for longer, or more. */
    boolean learn(long now, ServerWord word, long longestHold) {
        ServerBook known = server;
        if (known == null) {
            if (!word.isRestricting()) {
                return false;
            }
            known = new ServerBook();
            append(known);
            server = known;
        }
        boolean learned = known.learn(now, word, longestHold);
        if (known.isOver(now)) {
            books = Arrays.copyOf(books, books.length - 1);
            server = null;
        }
        return learned;
    }

    /** The book, if it is the only one and of that kind. */
    @Nullable
    SlidingBook soleWindow() {
        return books.length == 1 && books[0] instanceof SlidingBook window ? window : null;
    }

    /** For how long the server wants nothing. */
    long held(long now) {
        return server == null ? 0 : server.held(now);
    }
}
