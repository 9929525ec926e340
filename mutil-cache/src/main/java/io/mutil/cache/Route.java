package io.mutil.cache;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Flight} does: it waits for the right that other processes respect, looks at what they may have stored, waits for a
 * permit, fetches, and lands. One step after another, each on the executor; the fetch itself, which is code of the caller's, on
 * that for callbacks.
 */
final class Route {
    private final Flights flights;
    private final Parts parts;
    private final Flight flight;
    private final Ask ask;
    private volatile boolean heapOnly;

    Route(Flights flights, Flight flight) {
        this.flights = flights;
        this.parts = flights.parts();
        this.flight = flight;
        this.ask = flight.ask();
    }

    private interface Step {
        void run() throws Exception;
    }

    private void step(Step step) {
        parts.threads().dispatch(() -> attempt(step));
    }

    /** Whatever it throws ends the flight. */
    private void attempt(Step step) {
        try {
            step.run();
        } catch (Exception | Error e) {
            flight.fail(e);
        }
    }

    /** The alarm is set here and not in a step: a step waits until the disk lets a thread go. */
    void start() {
        attempt(() -> {
            flight.setAlarm();
            step(this::waitForOthers);
        });
    }

    /** Without a permit, so that keys which another process holds keep nobody from fetching other keys. */
    private void waitForOthers() {
        CompletableFuture<DiskTier.Lease> wait = parts.tiers().lock(ask.key(), flights.patience());
        flight.hold(() -> wait.cancel(true));
        // without a lease too: another process that takes too long must not keep this one from fetching
        var unused = wait.whenComplete((lease, failure) -> step(() -> {
            if (lease != null) {
                flight.hold(lease);
            }
            lookAgain();
        }));
    }

    /** Another process, or a flight that has just ended, may have stored what is wanted. */
    private void lookAgain() {
        Flight.Turn turn;
        do {
            Found found = parts.tiers().newest(ask.key(), ask.options(), parts.now());
            flight.knows(found == null ? null : found.held());
            turn = flight.settle(found);
        } while (turn == Flight.Turn.AGAIN);
        if (turn == Flight.Turn.ON) {
            Permits.Ticket ticket = flights.permits().acquire(() -> step(this::permitted));
            flight.hold(ticket::release);
        }
    }

    /** What was invalidated while it waited for its turn has not been asked for yet. */
    private void permitted() {
        Flight.Turn turn;
        do {
            turn = flight.settle(null);
        } while (turn == Flight.Turn.AGAIN);
        if (turn == Flight.Turn.ON) {
            send();
        }
    }

    private void send() {
        long began = parts.now();
        Held known = flight.known();
        Validators validators = validators(known);
        EntryName name = parts.tiers().name(ask.key(), ask.options(), began);
        BodyWriter body = flights.writer(ask, name, heapOnly);
        if (!flight.hold(body::abort)) {
            return;
        }
        parts.counters().fetches.increment();
        var trip = new Landing.Trip(ask, began, name, validators.isEmpty() ? null : known, body);
        parts.threads().callBack(() -> attempt(() -> fetch(trip, validators)));
    }

    private static Validators validators(@Nullable Held known) {
        return known == null || !Judge.isGood(known.meta().status())
                ? Validators.NONE
                : Validators.of(known.meta().headers());
    }

    private void fetch(Landing.Trip trip, Validators validators) {
        if (flight.isOver()) {
            return;
        }
        CompletableFuture<Fetched> fetched =
                ask.fetch().fetch(validators, trip.body()).toCompletableFuture();
        flight.fetches(fetched);
        var unused = fetched.whenComplete((result, failure) -> step(() -> arrived(trip, result, failure)));
    }

    private void arrived(Landing.Trip trip, @Nullable Fetched fetched, @Nullable Throwable failure) throws Exception {
        Throwable cause = failure == null ? null : Blocking.unwrapped(failure);
        if (cause instanceof BodyLostException lost) {
            again(trip, lost);
        } else if (cause != null) {
            flight.fail(cause);
        } else if (fetched == null) {
            flight.fail(new NullPointerException("the fetch gave null"));
        } else {
            switch (flight.claim()) {
                case ON -> land(trip, fetched);
                case AGAIN -> {
                    trip.body().abort();
                    flight.knows(null);
                    send();
                }
                case OVER -> {}
            }
        }
    }

    private void land(Landing.Trip trip, Fetched fetched) throws Exception {
        try {
            flight.succeed(flights.landing().land(trip, fetched, parts.now()));
        } catch (BodyLostException e) {
            if (flight.takeOff()) {
                again(trip, e);
            }
        }
    }

    /** Once without what is known, once without the disk. */
    private void again(Landing.Trip trip, BodyLostException lost) throws BodyLostException {
        trip.body().abort();
        if (lost.diskFailed()) {
            if (heapOnly) {
                throw lost;
            }
            heapOnly = true;
        } else {
            if (flight.known() == null) {
                throw lost;
            }
            flight.knows(null);
        }
        send();
    }
}
