package io.mutil.wproxy;

import java.time.Duration;

/**
 * How much may wait for one subscriber that does not take its messages. What the operating system holds for the connection,
 * and one MiB at most on its way there, come on top. Whichever limit is reached first counts.
 *
 * @param bytes of payload, positive; a single larger message is still taken when nothing else waits
 * @param messages positive
 * @param age how long the oldest message may have waited when another one comes, positive and at most a year
 */
public record QueueLimits(long bytes, int messages, Duration age) {
    /** 1 MiB, 10,000 messages, 10 s. */
    public static final QueueLimits DEFAULT = new QueueLimits(1 << 20, 10_000, Duration.ofSeconds(10));

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public QueueLimits {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes must be positive, was " + bytes);
        }
        if (messages < 1) {
            throw new IllegalArgumentException("messages must be positive, was " + messages);
        }
        if (age.isNegative() || age.isZero() || age.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("age must be positive and at most a year, was " + age);
        }
    }
}
