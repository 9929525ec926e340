package io.mutil.timer;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What a timer says about its section, in the log and on a terminal. */
final class Wording {
    private static final int BAR = 20;
    private static final double NANOS = 1e9;

    private final Unit unit;
    /** Negative if unknown. */
    private final long total;

    Wording(Unit unit, long total) {
        this.unit = unit;
        this.total = total;
    }

    /** {@code load: 1,000 rows in 2.5 s, 400 rows/s}. */
    String ended(String path, long count, long elapsed, @Nullable Throwable failure) {
        return failure == null ? completed(path, count, elapsed) : failed(path, count, elapsed, failure);
    }

    private String completed(String path, long count, long elapsed) {
        String time = Human.duration(elapsed);
        if (count == 0 && total <= 0) {
            return path + ": " + time;
        }
        String steps = total < 0 || total == count ? unit.count(count) : unit.count(count, total);
        String rate = elapsed == 0 ? "" : ", " + unit.rate(count * NANOS / elapsed);
        return path + ": " + steps + " in " + time + rate;
    }

    /** The class of the failure, not its message, which may say what a log should not. */
    private String failed(String path, long count, long elapsed, Throwable failure) {
        boolean isCancelled = failure instanceof CancellationException;
        String how = isCancelled ? ": cancelled after " : ": failed after ";
        String why = isCancelled ? "" : " with " + failure.getClass().getName();
        String steps = count == 0 && total <= 0 ? "" : ", " + progress(count);
        return path + how + Human.duration(elapsed) + why + steps;
    }

    private String progress(long count) {
        return total < 0 ? unit.count(count) : unit.count(count, total);
    }

    /** {@code load: 200 of 1,000 rows (20%) in 2.5 s, 80.0 rows/s, 10.0 s left}. */
    String report(String path, long count, long elapsed, double perSecond) {
        String share = total <= 0 ? "" : " (" + Human.percent((double) count / total) + ")";
        return path + ": " + progress(count) + share + " in " + Human.duration(elapsed) + ", " + unit.rate(perSecond)
                + (knowsEnd(count, perSecond) ? ", " + left(count, perSecond) : "");
    }

    /** {@code load  20% [====                ]}, or only the path if the total is unknown. */
    String head(String path, long count) {
        if (total <= 0) {
            return path;
        }
        double share = (double) count / total;
        int full = (int) Math.min(BAR, share * BAR);
        return path + "  " + Human.percent(share) + " [" + "=".repeat(full) + " ".repeat(BAR - full) + "]";
    }

    /** {@code 200 rows  80.0 rows/s  10.0 s left}, to follow the head. */
    String rest(long count, long elapsed, double perSecond) {
        String end = knowsEnd(count, perSecond) ? left(count, perSecond) : Human.duration(elapsed);
        return "  " + unit.count(count) + "  " + unit.rate(perSecond) + "  " + end;
    }

    private boolean knowsEnd(long count, double perSecond) {
        return total > count && perSecond > 0;
    }

    private String left(long count, double perSecond) {
        return Human.duration((long) ((total - count) / perSecond * NANOS)) + " left";
    }
}
