package io.mutil.ratelimit;

import java.time.Duration;

/** A reservation: waits in the line for its turn to be promised. */
final class Place extends Waiter implements Reservation {
    private final LocalGate gate;
    private State state = State.WAITING;
    /** Before it was promised any time: any will do. */
    private long due = Long.MIN_VALUE;

    enum State {
        WAITING,
        PROMISED,
        COUNTED,
        CANCELLED
    }

    Place(LocalGate gate, int permits, long arrived) {
        super(permits, arrived);
        this.gate = gate;
    }

    // ---- with the lock

    State state() {
        return state;
    }

    long due() {
        return due;
    }

    void promise(long due) {
        this.due = due;
        state = State.PROMISED;
    }

    void mature() {
        state = State.COUNTED;
    }

    void drop() {
        state = State.CANCELLED;
    }

    // ---- without

    @Override
    public int permits() {
        return permits;
    }

    @Override
    public Duration timeToWait() {
        return gate.timeToWait(this);
    }

    @Override
    public boolean cancel() {
        return gate.cancel(this);
    }

    @Override
    void told(GateState.Next next) {}

    /** Its owner finds out when it asks. */
    @Override
    void refused(String why) {}

    @Override
    public String toString() {
        return "Reservation[permits=" + permits + "]";
    }
}
