package io.mutil.ratelimit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** When windows of local time end. Times are nanoseconds since 1970. */
final class Resets {
    private static final long SECOND = 1_000_000_000L;

    private final long per;
    private final ZoneRules rules;

    Resets(Rule.FixedWindow rule) {
        per = rule.per().toNanos();
        rules = rule.zone().getRules();
    }

    /** The first reset after a moment. */
    long after(long moment) {
        long offset = nanos(rules.getOffset(instant(moment)));
        long window = Math.floorDiv(moment + offset, per);
        long from = moment;
        while (true) {
            long end = (window + 1) * per - offset;
            ZoneOffsetTransition change = rules.nextTransition(instant(from));
            if (change == null || nanos(change.getInstant()) > end) {
                return end;
            }
            from = nanos(change.getInstant());
            offset = nanos(change.getOffsetAfter());
            if (Math.floorDiv(from + offset, per) != window) {
                return from;
            }
        }
    }

    private static long nanos(ZoneOffset offset) {
        return offset.getTotalSeconds() * SECOND;
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * SECOND + instant.getNano();
    }

    private static Instant instant(long moment) {
        return Instant.ofEpochSecond(Math.floorDiv(moment, SECOND), Math.floorMod(moment, SECOND));
    }
}
