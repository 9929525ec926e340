package io.mutil.dataflow;

/**
 * What parent and child process say to each other.
 *
 * <p>A frame begins with its kind and, where it concerns one worker, the worker's place in the child as an int. A frame of items
 * has them one after the other, each behind its length as an int. A frame of results has entries: a byte that says what
 * follows, and its arguments; text is UTF-8 behind its length.
 */
final class Entry {
    // frames to the child
    static final byte ASSIGN = 1;
    static final byte ITEMS = 2;
    static final byte END = 3;
    /** As {@link #ASSIGN}, but the workers are to do nothing. */
    static final byte REHEARSE = 4;

    // frames from the child
    static final byte READY = 1;
    static final byte NOT_STARTED = 2;
    static final byte RESULTS = 3;
    static final byte ENDED = 4;

    // entries of results: items for the next level, each behind its length
    static final byte SEND = 1;
    static final byte TO_ALL = 2;
    static final byte BY_KEY = 3;
    static final byte ROUND_ROBIN = 4;
    static final byte TO_INDEX = 5;
    /** The worker has processed the next of the items that it got. */
    static final byte DONE = 6;
    /** It has thrown at that item: text. */
    static final byte FAILED = 7;
    /** It has thrown, but at no item: text. */
    static final byte FAULT = 8;
    /** A new worker has taken its place. */
    static final byte RESTARTED = 9;
    /** Its failure, told before, is to stop the topology: why, as text. */
    static final byte STOP = 10;

    private Entry() {}
}
