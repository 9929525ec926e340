package io.mutil.awssig;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keeps credentials until shortly before they expire. One thread at a time gets new ones, outside of any lock. */
final class RefreshingCredentials implements CredentialsProvider {
    private static final Logger LOGGER = System.getLogger(RefreshingCredentials.class.getName());
    private static final Duration LEAD = Duration.ofMinutes(5);
    private static final int PART_OF_LIFE = 4;
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** Where they come from. */
    interface Source {
        /** Gets new ones, or throws a {@link CredentialsException}. */
        Expiring load();
    }

    /** Credentials and the time from which they do not hold any more; null if there is none. */
    record Expiring(Credentials credentials, @Nullable Instant expiration) {}

    private record Held(Credentials credentials, Instant refresh, Instant expiration) {
        static Held of(Expiring loaded, Instant now) {
            Instant expiration = loaded.expiration();
            if (expiration == null) {
                return new Held(loaded.credentials(), Instant.MAX, Instant.MAX);
            }
            Duration part = Duration.between(now, expiration).dividedBy(PART_OF_LIFE);
            Duration lead = part.compareTo(LEAD) < 0 ? part : LEAD;
            return new Held(loaded.credentials(), expiration.minus(lead), expiration);
        }

        boolean isFresh(Instant now) {
            return now.isBefore(refresh);
        }

        boolean isValid(Instant now) {
            return now.isBefore(expiration);
        }

        Held untilNextTry(Instant now) {
            return new Held(credentials, now.plus(PAUSE), expiration);
        }
    }

    private final Source source;
    private final Clock clock;
    private final AtomicReference<@Nullable CompletableFuture<Credentials>> running = new AtomicReference<>();
    private volatile @Nullable Held held;

    RefreshingCredentials(Source source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public Credentials get() {
        Instant now = clock.instant();
        Held known = held;
        if (known != null && known.isFresh(now) && known.isValid(now)) {
            return known.credentials();
        }
        var mine = new CompletableFuture<Credentials>();
        CompletableFuture<Credentials> others = running.compareAndExchange(null, mine);
        if (others == null) {
            return lead(mine);
        }
        return known != null && known.isValid(now) ? known.credentials() : await(others);
    }

    private Credentials lead(CompletableFuture<Credentials> result) {
        try {
            Credentials credentials = newest();
            result.complete(credentials);
            return credentials;
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
            throw e;
        } finally {
            running.set(null);
        }
    }

    private Credentials newest() {
        Instant now = clock.instant();
        Held known = held;
        if (known != null && known.isFresh(now) && known.isValid(now)) {
            // another thread was faster
            return known.credentials();
        }
        try {
            Held loaded = checked(source.load());
            held = loaded;
            return loaded.credentials();
        } catch (CredentialsException e) {
            return kept(known, e);
        }
    }

    private Held checked(Expiring loaded) {
        Instant now = clock.instant();
        Instant expiration = loaded.expiration();
        if (expiration != null && !now.isBefore(expiration)) {
            throw CredentialsException.broken(source + " gave credentials that expired at " + expiration
                    + ", it is now " + now + "; look at what it caches and at the clock");
        }
        return Held.of(loaded, now);
    }

    /** What is still valid is better than nothing. */
    private Credentials kept(@Nullable Held known, CredentialsException e) {
        Instant now = clock.instant();
        if (known == null || !known.isValid(now)) {
            throw e;
        }
        held = known.untilNextTry(now);
        LOGGER.log(
                Level.WARNING,
                () -> "credentials until " + known.expiration() + " were not renewed: " + e.getMessage());
        return known.credentials();
    }

    private static Credentials await(CompletableFuture<Credentials> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CredentialsException.broken("interrupted while another thread gets credentials; ask again", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CredentialsException cause) {
                throw cause.again();
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
