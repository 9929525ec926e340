package io.mutil.dispatch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says why a line was not run. The message is meant for whoever typed the line: it has the word, the rule, and what to type
 * instead. Text of others in it, a converter's say, is on one line and not long; the cause has what the converter threw.
 */
public final class DispatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong with the line. */
    public enum Kind {
        /** A quote is not closed, or the last character is a backslash. */
        BAD_LINE,
        /** No command begins so. {@link #candidates} has names that are close. */
        UNKNOWN,
        /** Several commands begin so. {@link #candidates} has them. */
        AMBIGUOUS,
        /** It ends before a command: it is empty, or a group alone. {@link #candidates} has what may come next. */
        INCOMPLETE,
        /** The command is dangerous and was abbreviated. {@link #candidates} has the full name. */
        FULL_NAME_NEEDED,
        /** An argument is missing, too many, of a wrong type, or refused. */
        BAD_ARGUMENTS
    }

    /** What went wrong. */
    private final Kind kind;

    /** Names that may have been meant. */
    private final String[] candidates;

    DispatchException(Kind kind, String message, List<String> candidates) {
        this(kind, message, candidates, null);
    }

    /** @param cause what reading the line threw */
    DispatchException(Kind kind, String message, List<String> candidates, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.candidates = candidates.toArray(String[]::new);
    }

    /** What is wrong with the line. */
    public Kind kind() {
        return kind;
    }

    /**
     * Names of commands or groups that may have been meant, if unknown the best first, else in the order of their definition; may
     * be empty. Hidden ones are among them only if the line has the beginning of their name.
     */
    public List<String> candidates() {
        return List.of(candidates);
    }
}
