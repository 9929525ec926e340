package io.mutil.wproxy;

/**
 * What happens to a subscriber whose queue has reached one of its {@link QueueLimits}.
 *
 * <p>Whatever is dropped, the subscriber learns of it: {@code {"gap": {"key": "AAPL", "missed": 3}}} stands where the
 * messages would have stood.
 */
public enum SlowPolicy {
    /**
     * From now on, until the subscriber has caught up, only the latest message of each key waits, in the place of the one
     * before; if even those are too many bytes or messages, the one that waits longest is dropped. Messages of subscribers to
     * everything have no key; for those this is {@link #DROP_OLDEST}.
     */
    CONFLATE,

    /** The messages that wait longest are dropped to make room. */
    DROP_OLDEST,

    /** The new message is dropped. */
    DROP_NEWEST,

    /** The connection is closed with code 1013, try again later. */
    CLOSE
}
