package io.mutil.frame;

/**
 * Whether names are bold, missing values dim and negative numbers red. Escape sequences in the cells themselves, those of colours
 * (SGR) and links (OSC 8), are kept where colours are on and dropped where they are off.
 */
public enum Colours {
    /** Off. */
    NEVER,

    /**
     * On if it is printed to {@code System.out} or {@code System.err} and that is a terminal, unless {@code NO_COLOR} is set or
     * {@code TERM} is {@code dumb}. Off in strings and logs.
     */
    AUTO,

    /** On, except in Markdown. */
    ALWAYS
}
