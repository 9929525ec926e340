package io.mutil.awssig;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keeps credentials until shortly before they expire. One thread at a time gets new ones, outside of any lock. */
final class RefreshingCredentials implements CredentialsProvider {
    private static final Logger LOGGER = System.getLogger(RefreshingCredentials.class.getName());
    private static final Duration LEAD = Duration.ofMinutes(5);
    private static final int PART_OF_LIFE = 4;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
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

    /** A failure where there was nothing valid, and how long it is given to all who ask. */
    private record Failed(CredentialsException why, Instant at, Duration pause) {
        static Failed of(CredentialsException why, Instant now, @Nullable Failed before) {
            Duration pause = before == null ? FIRST_PAUSE : before.pause().multipliedBy(2);
            return new Failed(why, now, pause.compareTo(PAUSE) < 0 ? pause : PAUSE);
        }

        boolean isRecent(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(pause));
        }
    }

    private final Source source;
    private final Clock clock;
    /** What the threads wait for that do not load; nothing comes of it if the thread that loads was interrupted. */
    private final AtomicReference<@Nullable CompletableFuture<Optional<Credentials>>> running = new AtomicReference<>();

    private volatile @Nullable Held held;
    private volatile @Nullable Failed failed;

    RefreshingCredentials(Source source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public Credentials get() {
        while (true) {
            Instant now = clock.instant();
            Held known = held;
            if (known != null && known.isFresh(now) && known.isValid(now)) {
                return known.credentials();
            }
            var mine = new CompletableFuture<Optional<Credentials>>();
            CompletableFuture<Optional<Credentials>> others = running.compareAndExchange(null, mine);
            if (others == null) {
                return lead(mine);
            }
            if (known != null && known.isValid(now)) {
                return known.credentials();
            }
            Optional<Credentials> found = await(others);
            if (found.isPresent()) {
                return found.get();
            }
        }
    }

    private Credentials lead(CompletableFuture<Optional<Credentials>> result) {
        try {
            Credentials credentials = newest();
            running.set(null);
            result.complete(Optional.of(credentials));
            return credentials;
        } catch (RuntimeException | Error e) {
            // first this, so that who asks again does not find it
            running.set(null);
            if (isInterruption(e)) {
                result.complete(Optional.empty());
            } else {
                result.completeExceptionally(e);
            }
            throw e;
        }
    }

    private static boolean isInterruption(Throwable e) {
        return e instanceof CredentialsException failure && failure.isInterruption();
    }

    private Credentials newest() {
        Instant now = clock.instant();
        Held known = held;
        if (known != null && known.isFresh(now) && known.isValid(now)) {
            // another thread was faster
            return known.credentials();
        }
        Failed before = failed;
        if (before != null && before.isRecent(now)) {
            throw before.why().again();
        }
        try {
            Held loaded = checked(source.load());
            held = loaded;
            failed = null;
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
        if (known != null && known.isValid(now)) {
            if (!e.isInterruption()) {
                held = known.untilNextTry(now);
                LOGGER.log(
                        Level.WARNING,
                        () -> "credentials until " + known.expiration() + " were not renewed: " + e.getMessage());
            }
            return known.credentials();
        }
        if (!e.isInterruption()) {
            failed = Failed.of(e, now, failed);
        }
        throw e;
    }

    /** Nothing if the thread was interrupted that should have got some. */
    private static Optional<Credentials> await(CompletableFuture<Optional<Credentials>> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CredentialsException.interrupted("interrupted while another thread gets credentials; ask again", e);
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
