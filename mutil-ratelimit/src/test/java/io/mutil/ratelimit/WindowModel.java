package io.mutil.ratelimit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sliding window and its line as plain lists that are searched from end to end. */
final class WindowModel {
    int limit;
    final long span;
    long now;
    /** The time of every permit that counts, in order. */
    final List<Long> counted = new ArrayList<>();

    final List<Waiting> line = new ArrayList<>();

    static final class Waiting {
        final int permits;
        final boolean reservation;

        @Nullable
        Long promised;

        @Nullable
        Long admitted;

        Waiting(int permits, boolean reservation) {
            this.permits = permits;
            this.reservation = reservation;
        }
    }

    WindowModel(int limit, long span) {
        this.limit = limit;
        this.span = span;
    }

    /** The first moment at which all windows that end there or later have room. */
    private long due(List<Long> counted, long earliest, int permits) {
        long due = earliest;
        while (true) {
            long at = due;
            List<Long> inWindow =
                    counted.stream().filter(time -> time > at - span).toList();
            if (inWindow.size() + permits <= limit) {
                return due;
            }
            due = inWindow.get(0) + span;
        }
    }

    void advance(long to) {
        while (!line.isEmpty()) {
            Waiting first = line.get(0);
            Long promised = first.promised;
            long due = promised != null ? promised : due(counted, now, first.permits);
            if (due > to) {
                break;
            }
            now = due;
            line.remove(0);
            count(first.permits);
            first.admitted = now;
            promise();
        }
        now = to;
    }

    private void count(int permits) {
        for (int i = 0; i < permits; i++) {
            counted.add(now);
        }
    }

    /** Reservations with nobody but such ahead have a fixed time. */
    private void promise() {
        var planned = new ArrayList<>(counted);
        long earliest = now;
        for (Waiting waiting : line) {
            if (!waiting.reservation) {
                return;
            }
            Long promised = waiting.promised;
            earliest = promised != null ? promised : due(planned, earliest, waiting.permits);
            waiting.promised = earliest;
            for (int i = 0; i < waiting.permits; i++) {
                planned.add(earliest);
            }
        }
    }

    boolean tryTake(int permits) {
        boolean room = line.isEmpty() && due(counted, now, permits) == now;
        if (room) {
            count(permits);
        }
        return room;
    }

    Waiting join(int permits, boolean reservation) {
        var waiting = new Waiting(permits, reservation);
        line.add(waiting);
        promise();
        advance(now);
        return waiting;
    }

    void leave(Waiting waiting) {
        line.remove(waiting);
        promise();
        advance(now);
    }

    void uncount(long at, int permits) {
        for (int i = 0; i < permits; i++) {
            counted.remove(at);
        }
        promise();
        advance(now);
    }

    void refund(int permits) {
        counted.removeIf(time -> time <= now - span);
        counted.subList(0, Math.min(permits, counted.size())).clear();
        promise();
        advance(now);
    }

    List<Waiting> change(int newLimit) {
        limit = newLimit;
        List<Waiting> tooHeavy = line.stream()
                .filter(waiting -> waiting.permits > newLimit && waiting.promised == null)
                .toList();
        line.removeAll(tooHeavy);
        promise();
        advance(now);
        return tooHeavy;
    }

    int waiting() {
        return line.size();
    }
}
