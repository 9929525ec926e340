package io.mutil.sqlshard;

import java.time.Duration;

/**
 * What a write that has returned survives.
 *
 * <p>None of them can damage the files or leave half of a transaction: what is lost is always the newest.
 *
 * <p>Immutable and safe for many threads.
 *
 * <pre>{@code
 * SqlShard<JsonNode> quick = SqlShard.builder(dir, ValueCodec.json(JsonNode.class))
 *         .durability(Durability.behind(Duration.ofMillis(200)))
 *         .open();
 * }</pre>
 */
public final class Durability {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Durability EVERY_WRITE = new Durability(true, Duration.ZERO);
    private static final Durability GROUP = new Durability(false, Duration.ZERO);

    private final boolean synced;
    private final Duration delay;

    private Durability(boolean synced, Duration delay) {
        this.synced = synced;
        this.delay = delay;
    }

    /**
     * A write returns once it has reached the disk: it survives the end of the process, a crash of the operating system and
     * a loss of power. Writes of many threads to a shard share one wait for the disk ({@code synchronous=FULL}).
     */
    public static Durability everyWrite() {
        return EVERY_WRITE;
    }

    /**
     * A write returns once it is committed: it survives the end of the process, however that ends. A crash of the
     * operating system or a loss of power may lose the newest commits, usually those of the last seconds, unless
     * {@link SqlShard#flush()} has returned since ({@code synchronous=NORMAL}). The default.
     */
    public static Durability group() {
        return GROUP;
    }

    /**
     * A put returns at once and is committed later. The end of the process loses the puts that returned within this time,
     * unless {@link SqlShard#flush()} has returned since; a crash of the operating system loses what
     * {@link #group()} would lose as well. What needs an answer from the store, such as a removal or a computation, still
     * returns after its commit.
     *
     * <p>Puts that cannot be written then are kept and tried again, and a warning is logged. Meanwhile everything that waits for a
     * commit fails, and so does a put once the queue is full.
     *
     * @param delay how long a put may wait, above zero, at most a day; the commit itself takes its time in addition
     * @throws IllegalArgumentException if it is out of range
     */
    public static Durability behind(Duration delay) {
        if (delay.isNegative() || delay.isZero() || delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("delay must be above zero and at most a day, was " + delay
                    + "; use group() for writes that do not wait");
        }
        return new Durability(false, delay);
    }

    /** Whether a commit waits for the disk. */
    boolean isSynced() {
        return synced;
    }

    /** Whether a put returns before its commit. */
    boolean isBehind() {
        return !delay.isZero();
    }

    long delayNanos() {
        return delay.toNanos();
    }

    @Override
    public String toString() {
        return synced ? "everyWrite" : isBehind() ? "behind " + delay : "group";
    }
}
