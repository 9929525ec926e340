package io.mutil.codec;

import java.io.IOException;

/** A message was refused because the outbound queue of its stream is full. Nothing of it was queued. */
public final class QueueFullException extends IOException {
    private final long queuedBytes;
    private final long capacityBytes;

    /**
     * Describes a message that was refused.
     *
     * @param messageBytes its length, with its header
     * @param queuedBytes what was queued before it
     * @param capacityBytes the bound of the queue
     */
    public QueueFullException(long messageBytes, long queuedBytes, long capacityBytes) {
        super("message of " + messageBytes + " bytes finds no room, " + queuedBytes + " of outboundQueueBytes "
                + capacityBytes + " are in use; wait for room, use the blocking form, or raise it with"
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
