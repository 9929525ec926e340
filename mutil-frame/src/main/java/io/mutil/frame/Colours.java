package io.mutil.frame;

/**
 * Whether names are bold, missing values dim and negative numbers red. Of the escape sequences in cells, those that set nothing but
 * colours and weights (SGR) are kept where colours are on, each up to the end of its line; all other SGR, and links (OSC 8), which may
 * show one address and open another, are dropped.
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
