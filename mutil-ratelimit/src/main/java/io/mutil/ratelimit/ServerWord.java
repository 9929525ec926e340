package io.mutil.ratelimit;

import java.util.List;

/**
 * What a response says about the rate.
 *
 * @param hold nanoseconds for which the server wants nothing; 0 if it does not say
 * @param refused whether it refused the request for the rate without saying for how long
 * @param accepted whether it did what it was asked
 * @param left what is left under which of its policies
 */
record ServerWord(long hold, boolean refused, boolean accepted, List<Left> left) {
    /**
     * What is left under one policy.
     *
     * @param policy its name
     * @param left requests
     * @param nanos until there will be more
     */
    record Left(String policy, long left, long nanos) {}

    ServerWord {
        left = List.copyOf(left);
    }

    boolean isRestricting() {
        return hold > 0 || refused || !left.isEmpty();
    }
}
