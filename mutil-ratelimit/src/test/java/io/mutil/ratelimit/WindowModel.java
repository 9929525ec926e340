package io.mutil.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sliding windows and their line as plain lists that are searched from end to end. */
final class WindowModel {
    final List<Window> windows;
    long now;
    long heldUntil = Long.MIN_VALUE;

    final List<Waiting> line = new ArrayList<>();

    static class Window {
        int limit;
        final long span;
        /** The time of every permit that counts, in order. */
        final List<Long> counted = new ArrayList<>();

        Window(int limit, long span) {
            this.limit = limit;
            this.span = span;
        }

        Rule rule() {
            return Rule.slidingWindow(limit, Duration.ofNanos(span));
        }

        Window empty() {
            return new Window(limit, span);
        }

        Window copy() {
            Window copy = empty();
            copy.counted.addAll(counted);
            return copy;
        }

        /** The first moment at which all windows that end there or later have room. */
        long due(long earliest, int permits) {
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

        /** Of those beyond the limit only how many they are is known, and when the last of them was. */
        void change(long now, int newLimit) {
            limit = newLimit;
            counted.removeIf(time -> time <= now - span);
            List<Long> beyond = counted.subList(0, Math.max(0, counted.size() - limit));
            if (!beyond.isEmpty()) {
                Collections.fill(beyond, beyond.get(beyond.size() - 1));
            }
        }

        void refund(long now, int permits) {
            counted.removeIf(time -> time <= now - span);
            counted.subList(0, Math.min(permits, counted.size())).clear();
        }

        void uncount(long now, long at, int permits) {
            IntStream.range(0, permits).forEach(i -> counted.remove(at));
        }
    }

    /** From one multiple of its span to the next, at one of which the clock began. */
    static final class Fixed extends Window {
        Fixed(int limit, long span) {
            super(limit, span);
        }

        @Override
        Rule rule() {
            return Rule.fixedWindow(limit, Duration.ofNanos(span));
        }

        @Override
        Window empty() {
            return new Fixed(limit, span);
        }

        private boolean together(long one, long other) {
            return one / span == other / span;
        }

        @Override
        long due(long earliest, int permits) {
            long due = earliest;
            while (true) {
                long at = due;
                long used = counted.stream().filter(time -> together(time, at)).count();
                if (used + permits <= limit) {
                    return due;
                }
                due = (due / span + 1) * span;
            }
        }

        @Override
        void change(long now, int newLimit) {
            limit = newLimit;
            refund(now, Math.max(0, current(now) - newLimit));
        }

        private int current(long now) {
            counted.removeIf(time -> !together(time, now));
            return counted.size();
        }

        /** It only knows how many. */
        @Override
        void refund(long now, int permits) {
            counted.subList(0, Math.min(permits, current(now))).clear();
        }

        @Override
        void uncount(long now, long at, int permits) {
            if (together(at, now)) {
                refund(now, permits);
            }
        }
    }

    static final class Waiting {
        final int permits;
        final boolean reservation;

        @Nullable
        Long promised;

        @Nullable
        Long admitted;

        boolean refused;

        Waiting(int permits, boolean reservation) {
            this.permits = permits;
            this.reservation = reservation;
        }
    }

    WindowModel(Window... windows) {
        this.windows = List.of(windows);
    }

    int most() {
        return windows.stream().mapToInt(window -> window.limit).min().orElseThrow();
    }

    private long due(List<Window> windows, long earliest, int permits) {
        long due = Math.max(earliest, heldUntil);
        long before = due - 1;
        while (before != due) {
            before = due;
            for (Window window : windows) {
                due = window.due(due, permits);
            }
        }
        return due;
    }

    private static void count(List<Window> windows, long at, int permits) {
        windows.forEach(window -> window.counted.addAll(Collections.nCopies(permits, at)));
    }

    private List<Window> copies() {
        return windows.stream().map(Window::copy).toList();
    }

    void advance(long to) {
        while (!line.isEmpty()) {
            Waiting first = line.get(0);
            Long promised = first.promised;
            long due = promised != null ? promised : due(windows, now, first.permits);
            if (due > to) {
                break;
            }
            now = due;
            line.remove(0);
            count(windows, now, first.permits);
            first.admitted = now;
            promise();
        }
        now = to;
    }

    /** Reservations with nobody but such ahead have a fixed time. */
    private void promise() {
        List<Long> dues = dues();
        for (int i = 0; i < line.size() && line.get(i).reservation; i++) {
            line.get(i).promised = dues.get(i);
        }
    }

    /** It may be later than before, but not earlier. */
    private void promiseAnew() {
        List<Window> planned = copies();
        long earliest = now;
        for (Waiting waiting : line) {
            if (!waiting.reservation) {
                return;
            }
            Long before = waiting.promised;
            earliest = due(planned, before == null ? earliest : Math.max(earliest, before), waiting.permits);
            waiting.promised = earliest;
            count(planned, earliest, waiting.permits);
        }
    }

    /** When everybody in the line has its turn. */
    List<Long> dues() {
        return dues(copies());
    }

    private List<Long> dues(List<Window> planned) {
        var dues = new ArrayList<Long>();
        long earliest = now;
        for (Waiting waiting : line) {
            Long promised = waiting.promised;
            earliest = promised != null ? promised : due(planned, earliest, waiting.permits);
            dues.add(earliest);
            count(planned, earliest, waiting.permits);
        }
        return dues;
    }

    /** When somebody who came now would have a turn. */
    long dueAtEnd(int permits) {
        List<Window> planned = copies();
        List<Long> dues = dues(planned);
        return due(planned, dues.isEmpty() ? now : dues.get(dues.size() - 1), permits);
    }

    boolean tryTake(int permits) {
        boolean room = line.isEmpty() && due(windows, now, permits) == now;
        if (room) {
            count(windows, now, permits);
        }
        return room;
    }

    Waiting join(int permits, boolean reservation) {
        var waiting = new Waiting(permits, reservation);
        line.add(waiting);
        changed();
        return waiting;
    }

    void leave(Waiting waiting) {
        line.remove(waiting);
        changed();
    }

    void uncount(long at, int permits) {
        windows.forEach(window -> window.uncount(now, at, permits));
        changed();
    }

    void refund(int permits) {
        windows.forEach(window -> window.refund(now, permits));
        changed();
    }

    void hold(long until) {
        heldUntil = Math.max(heldUntil, until);
        promiseAnew();
        changed();
    }

    void change(int newLimit) {
        windows.get(0).change(now, newLimit);
        line.stream().filter(waiting -> waiting.permits > newLimit).forEach(waiting -> waiting.refused = true);
        line.removeIf(waiting -> waiting.refused);
        promiseAnew();
        changed();
    }

    private void changed() {
        promise();
        advance(now);
    }
}
