package io.mutil.frame;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a builder was told.
 *
 * @param width 0 for that of the terminal
 * @param headerEvery 0 for once
 * @param decimals negative for as many as the data have
 */
record Choices(
        int width,
        Border border,
        Wide wide,
        @Nullable String caption,
        int headerEvery,
        String nulls,
        int decimals,
        Map<String, Integer> decimalsOf,
        int maxDecimals,
        boolean grouping,
        boolean index,
        boolean count,
        Colours colours) {
    boolean isMarkdown() {
        return border == Border.MARKDOWN;
    }
}
