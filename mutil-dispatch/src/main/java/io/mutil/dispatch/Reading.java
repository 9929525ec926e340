package io.mutil.dispatch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the value of an argument comes from the words of a line. */
@FunctionalInterface
interface Reading<T extends @Nullable Object> {
    /**
     * Reads the word at an index, or all from there on.
     *
     * @throws BadValue if they break a rule
     * @throws Exception if they cannot be converted
     */
    T read(Converters converters, List<String> words, int from) throws Exception;
}
