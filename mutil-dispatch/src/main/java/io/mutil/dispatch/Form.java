package io.mutil.dispatch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** How a command was written: a function with arguments, or a class with annotations. Immutable, safe for many threads. */
interface Form<S> {
    /** Those that values are kept for. */
    Arg<?>[] args();

    /**
     * Reads the arguments.
     *
     * @param from the first of them in the words
     * @param values gets one for each of {@link #args}
     * @return what to run with them; null if they ask for the usage
     * @throws BadValue if they are none
     */
    @Nullable
    Operation<S> prepare(Settings settings, List<String> words, int from, @Nullable Object[] values) throws BadValue;

    /** What picocli knows of it; a new one each time, as picocli keeps the values of a line there. */
    CommandSpec spec(Settings settings);

    /** What to run after picocli has parsed a line with {@link #spec}. */
    Operation<S> prepared(Settings settings, CommandLine parsed, @Nullable Object[] values) throws BadValue;

    /** The text of its annotation or its Javadoc comment; empty if there is none. */
    String description();

    /** Whether help leaves it out. */
    boolean isHidden();

    /** What may stand in the last of these words, unsorted. */
    List<String> candidates(Settings settings, List<String> words, int from);
}
