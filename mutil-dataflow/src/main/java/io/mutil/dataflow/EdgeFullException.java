package io.mutil.dataflow;

/** An item was refused because the edge to its receiver was full and had been told to fail. */
public final class EdgeFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String receiver;
    private final int capacity;

    EdgeFullException(String receiver, int capacity) {
        super("edge into '" + receiver + "' is full with " + capacity + " items; raise its capacity, slow the sender,"
                + " or choose Edge.blocking");
        this.receiver = receiver;
        this.capacity = capacity;
    }

    /** Name of the level or egress that the item was meant for. */
    public String receiver() {
        return receiver;
    }

    /** How many items the edge held. */
    public int capacity() {
        return capacity;
    }
}
