package io.mutil.server;

import java.io.IOException;

/** A message was refused because the outbound queue of its connection is full. Nothing of it was queued. */
public final class QueueFullException extends IOException {
    private final long queuedBytes;
    private final long capacityBytes;

    QueueFullException(long messageBytes, long queuedBytes, long capacityBytes) {
        super("message of " + messageBytes + " bytes does not fit, " + queuedBytes + " of outboundQueueBytes "
                + capacityBytes + " are in use; wait for onWritable, use send, or raise it with"
                + " Builder.outboundQueueBytes");
        this.queuedBytes = queuedBytes;
        this.capacityBytes = capacityBytes;
    }

    /** Bytes that were queued when the message was refused. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** The bound of the queue in bytes. */
    public long capacityBytes() {
        return capacityBytes;
    }
}
