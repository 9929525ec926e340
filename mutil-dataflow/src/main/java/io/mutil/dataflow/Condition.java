package io.mutil.dataflow;

/** What a page says about a level, the worst first. */
enum Condition {
    /** Something ended it that it could not go on after. */
    DIED,
    /** Its errors rose lately. */
    FAILING,
    /** Connects, and has no connection. */
    NOT_CONNECTED,
    /** The level that others wait for. */
    SLOW,
    /** Waits for a later level, or has a backlog and no thread. */
    HELD_UP,
    /** Has taken its last item. */
    ENDED,
    /** None of these. */
    FINE
}
