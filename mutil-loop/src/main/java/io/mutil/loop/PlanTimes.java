package io.mutil.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The due times of a kind of plan, in strictly ascending order. */
interface PlanTimes {
    /**
     * Due times that have passed.
     *
     * @param latest the last of them, in order
     * @param total how many there were, at least one
     */
    record Passed(List<Instant> latest, long total) {
        Instant last() {
            return latest.get(latest.size() - 1);
        }
    }

    /**
     * The first due time.
     *
     * @param earliest nothing is due before it
     * @param origin where a grid begins, if that was chosen
     */
    Instant first(Instant earliest, @Nullable Instant origin);

    /** The due time after another; null if there is none, or none is known before the run has ended. */
    @Nullable
    Instant after(Instant due);

    /** The due times from one that is to another moment, not before it. */
    Passed passed(Instant due, Instant until, int most);

    /** Between runs, however the wall clock moves; null if the plan is about times of day. */
    default @Nullable Duration interval() {
        return null;
    }

    /** The due time that the end of a run brings about; null if that is none. */
    default @Nullable Instant afterEnd(Instant end) {
        return null;
    }

    /** At a fixed rate. */
    record Every(Duration period) implements PlanTimes {
        @Override
        public Instant first(Instant earliest, @Nullable Instant origin) {
            if (origin == null || !origin.isBefore(earliest)) {
                return origin == null ? earliest : origin;
            }
            long steps = Duration.between(origin, earliest).dividedBy(period);
            Instant before = origin.plus(period.multipliedBy(steps));
            return before.equals(earliest) ? before : before.plus(period);
        }

        @Override
        public Instant after(Instant due) {
            return due.plus(period);
        }

        @Override
        public Passed passed(Instant due, Instant until, int most) {
            long steps = Duration.between(due, until).dividedBy(period);
            List<Instant> latest = LongStream.rangeClosed(Math.max(0, steps - most + 1), steps)
                    .mapToObj(step -> due.plus(period.multipliedBy(step)))
                    .toList();
            return new Passed(latest, steps + 1);
        }

        @Override
        public Duration interval() {
            return period;
        }
    }

    /** A pause after each run. */
    record Pause(Duration length) implements PlanTimes {
        @Override
        public Instant first(Instant earliest, @Nullable Instant origin) {
            return earliest;
        }

        @Override
        public @Nullable Instant after(Instant due) {
            return null;
        }

        @Override
        public Passed passed(Instant due, Instant until, int most) {
            return new Passed(List.of(due), 1);
        }

        @Override
        public Duration interval() {
            return length;
        }

        @Override
        public Instant afterEnd(Instant end) {
            return end.plus(length);
        }
    }

    /** A single run, at a chosen moment or as early as it may. */
    record Once(@Nullable Instant at) implements PlanTimes {
        @Override
        public Instant first(Instant earliest, @Nullable Instant origin) {
            return at == null ? earliest : at;
        }

        @Override
        public @Nullable Instant after(Instant due) {
            return null;
        }

        @Override
        public Passed passed(Instant due, Instant until, int most) {
            return new Passed(List.of(due), 1);
        }
    }

    /** At times of day, which are sorted. */
    record Daily(ZoneId zone, List<LocalTime> times) implements PlanTimes {
        @Override
        public Instant first(Instant earliest, @Nullable Instant origin) {
            return after(earliest.minusNanos(1));
        }

        @Override
        public Instant after(Instant due) {
            // a day earlier, since clocks that are set back across midnight show a date again
            LocalDate day = LocalDate.ofInstant(due, zone).minusDays(1);
            while (true) {
                for (LocalTime time : times) {
                    Instant at = at(day, time);
                    if (at.isAfter(due)) {
                        return at;
                    }
                }
                day = day.plusDays(1);
            }
        }

        private Instant at(LocalDate day, LocalTime time) {
            LocalDateTime local = LocalDateTime.of(day, time);
            ZoneOffsetTransition change = zone.getRules().getTransition(local);
            boolean skipped = change != null && change.isGap();
            // of two offsets this takes the earlier one
            return skipped ? change.getInstant() : local.atZone(zone).toInstant();
        }

        @Override
        public Passed passed(Instant due, Instant until, int most) {
            Deque<Instant> latest = new ArrayDeque<>();
            long total = 0;
            for (Instant at = due; !at.isAfter(until); at = after(at)) {
                latest.add(at);
                total++;
                if (latest.size() > most) {
                    latest.remove();
                }
            }
            return new Passed(List.copyOf(latest), total);
        }
    }
}
