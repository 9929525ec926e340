package io.mutil.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The numbers that the suites work on: consecutive, and beyond the cache of {@link Long#valueOf}. */
final class Numbers {
    /** Numbers per message. */
    static final int BATCH = 1000;

    /** The smallest number. */
    static final long FIRST = 1_000_000;

    private Numbers() {}

    static Long[] boxed(int count) {
        Long[] all = new Long[count];
        for (int i = 0; i < count; i++) {
            all[i] = FIRST + i;
        }
        return all;
    }

    static byte[] jsonArray(int count) {
        return Arrays.stream(boxed(count))
                .map(String::valueOf)
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(US_ASCII);
    }
}
