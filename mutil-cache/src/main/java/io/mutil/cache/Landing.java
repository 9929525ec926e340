package io.mutil.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps what was fetched. */
final class Landing {
    /** RFC 9111, 3: good ones that mean the same for the next caller. */
    private static final Set<Integer> KEPT = Set.of(200, 203, 204, 206);

    private static final int CHUNK = 64 << 10;

    private final Settings settings;
    private final Judge judge;
    private final Tiers tiers;
    private final Counters counters;
    private final DoubleSupplier random;

    Landing(Settings settings, Judge judge, Tiers tiers, Counters counters, DoubleSupplier random) {
        this.settings = settings;
        this.judge = judge;
        this.tiers = tiers;
        this.counters = counters;
        this.random = random;
    }

    /**
     * A fetch that has ended.
     *
     * @param began when it was sent
     * @param name where its answer belongs
     * @param known what it asked the origin to confirm
     */
    record Trip(
            Ask ask, long began, EntryName name, @Nullable Held known, BodyWriter body) {}

    static boolean mayKeep(int status, Map<String, List<String>> headers, Freshness freshness) {
        return KEPT.contains(status) && freshness.mayStore(headers);
    }

    /**
     * Keeps it, if that may be.
     *
     * @return what those who waited get, with all its headers
     * @throws FetchFailedException if it is a refusal
     * @throws BodyLostException if it has to be fetched again
     */
    Held land(Trip trip, Fetched fetched, long now) throws IOException {
        int status = fetched.status();
        if (status == 304) {
            return confirmed(trip, fetched);
        }
        if (!Judge.isGood(status)) {
            throw refused(trip, status, now);
        }
        trip.body().checkWhole();
        Freshness freshness = judge.freshness(trip.ask().options());
        Meta meta = meta(trip, status, kept(fetched.headers()), fetched.headers());
        boolean keeps = mayKeep(status, fetched.headers(), freshness) && isWorthIt(trip, meta, now);
        Body body = keeps ? keep(trip, meta) : passOn(trip);
        Meta all = new Meta(status, fetched.headers(), meta.storedAt(), meta.freshUntil(), meta.keepUntil());
        return new Held(all, body);
    }

    /** What is due on arrival is worth a file only if it can be confirmed or served stale, or lies there already. */
    private boolean isWorthIt(Trip trip, Meta meta, long now) {
        long use = settings.use(!Validators.of(meta.headers()).isEmpty());
        return trip.body().isOnDisk() || now < Millis.plus(meta.freshUntil(), use);
    }

    private Map<String, List<String>> kept(Map<String, List<String>> headers) {
        var kept = new HashMap<>(headers);
        kept.keySet().retainAll(settings.keptHeaders());
        return kept;
    }

    private Meta meta(Trip trip, int status, Map<String, List<String>> kept, Map<String, List<String>> said) {
        long until = judge.freshness(trip.ask().options()).until(trip.began(), said, random);
        return new Meta(
                status, Owner.with(owner(trip), kept), trip.began(), until, Millis.plus(until, settings.keep()));
    }

    private @Nullable String owner(Trip trip) {
        return tiers.names().owner(trip.ask().key());
    }

    private Body keep(Trip trip, Meta meta) throws IOException {
        BodyWriter writer = trip.body();
        Key key = trip.ask().key();
        if (writer.isOnDisk()) {
            Held held = writer.commit(meta);
            tiers.memory().remove(key);
            checkReadable(held.body());
            return held.body();
        }
        Body body = writer.inHeap();
        if (body instanceof Body.InMemory small) {
            store(trip.name(), meta, small);
        } else {
            unkept(null);
            tiers.disk().remove(trip.name());
        }
        tiers.memory().replace(key, new Held(meta, body));
        return body;
    }

    /** A disk that takes and does not give would fail every caller, though the origin could answer. */
    private static void checkReadable(Body body) throws BodyLostException {
        try (InputStream in = body.open()) {
            if (in.read() < 0) {
                throw new BodyLostException(true);
            }
        } catch (IOException e) {
            throw new BodyLostException(true);
        }
    }

    private void store(EntryName name, Meta meta, Body.InMemory body) {
        DiskTier.Sink sink = tiers.disk().begin(name);
        boolean stored = sink != null
                && sink.write(ByteBuffer.wrap(body.bytes()).asReadOnlyBuffer())
                && sink.commit(meta) != null;
        if (!stored) {
            unkept(sink);
            // what lies there is older than what memory answers
            tiers.disk().remove(name);
        }
    }

    private void unkept(DiskTier.@Nullable Sink sink) {
        counters.unkept.increment();
        if (sink != null) {
            sink.abort();
        }
    }

    /** What may not be kept also ends what was kept before it. */
    private Body passOn(Trip trip) throws IOException {
        if (trip.body().isOnDisk()) {
            throw new IOException("what must not be stored was written to the disk before BodySink.head said so");
        }
        remove(trip);
        return trip.body().inHeap();
    }

    private void remove(Trip trip) {
        tiers.remove(trip.ask().key(), trip.ask().options(), trip.began());
    }

    private FetchFailedException refused(Trip trip, int status, long now) {
        Ask ask = trip.ask();
        boolean remembers = settings.negative().contains(status) && !mayStandIn(trip, status, now);
        if (remembers) {
            long until = Millis.plus(trip.began(), settings.negativeTtl());
            var meta = new Meta(status, Owner.with(owner(trip), Map.of()), trip.began(), until, until);
            var nothing = new Body.InMemory(new byte[0]);
            remove(trip);
            store(trip.name(), meta, nothing);
            tiers.memory().replace(ask.key(), new Held(meta, nothing));
        }
        String remembered = remembers
                ? "; it is remembered for " + Duration.ofMillis(settings.negativeTtl())
                : "; nothing is kept of it";
        return new FetchFailedException(ask.key() + " was refused with status " + status + remembered, status, null);
    }

    /** Trouble leaves what it is there for. */
    private boolean mayStandIn(Trip trip, int status, long now) {
        Found found = FetchFailedException.isTrouble(status)
                ? tiers.newest(trip.ask().key(), trip.ask().options(), now)
                : null;
        return found != null && judge.mayServeOnError(found.meta(), trip.ask().options(), now);
    }

    private Held confirmed(Trip trip, Fetched fetched) throws IOException {
        Held known = trip.known();
        if (known == null) {
            throw new FetchFailedException(
                    trip.ask().key() + " was answered by status 304, though it was not asked to confirm anything",
                    304,
                    null);
        }
        counters.revalidations.increment();
        Map<String, List<String>> headers =
                new HashMap<>(Owner.without(known.meta().headers()));
        headers.remove("age");
        Map<String, List<String>> said = kept(fetched.headers());
        said.remove("content-length"); // RFC 9111, 3.2: it is not that of the body
        headers.putAll(said);
        Meta meta = meta(trip, known.meta().status(), headers, headers);
        // what must not be stored is not; what was stored before stays as due as it was
        boolean mayStore = judge.freshness(trip.ask().options()).mayStore(fetched.headers());
        return mayStore ? renewed(trip, known, meta) : new Held(meta, known.body());
    }

    private Held renewed(Trip trip, Held known, Meta meta) throws IOException {
        Held renewed = renew(trip, known, meta);
        tiers.memory().replace(trip.ask().key(), renewed);
        return renewed;
    }

    private Held renew(Trip trip, Held known, Meta meta) throws IOException {
        boolean inPlace = trip.name()
                        .equals(tiers.name(
                                trip.ask().key(),
                                trip.ask().options(),
                                known.meta().storedAt()))
                && tiers.disk().renew(trip.name(), known, meta);
        if (inPlace) {
            return new Held(meta, known.body());
        }
        if (known.body() instanceof Body.InMemory body) {
            store(trip.name(), meta, body);
            return new Held(meta, body);
        }
        Held copied = copied(trip.name(), known, meta);
        if (copied == null) {
            throw new BodyLostException(false);
        }
        return copied;
    }

    /** A file of another day or bucket becomes that of this one. */
    private @Nullable Held copied(EntryName name, Held known, Meta meta) throws BodyLostException {
        DiskTier.Sink sink = tiers.disk().begin(name);
        if (sink == null) {
            counters.unkept.increment();
            return new Held(meta, known.body());
        }
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = known.body().open()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (!sink.write(ByteBuffer.wrap(chunk, 0, n))) {
                    unkept(sink);
                    return new Held(meta, known.body());
                }
            }
        } catch (IOException e) {
            sink.abort();
            throw new BodyLostException(false);
        }
        return sink.commit(meta);
    }
}
