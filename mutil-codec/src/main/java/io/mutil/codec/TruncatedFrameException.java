package io.mutil.codec;

import java.io.IOException;

/** The stream ended inside a frame: the peer closed too early, or the connection broke. */
public final class TruncatedFrameException extends IOException {
    private final long expected;
    private final long received;

    /**
     * Describes a stream that ended inside a payload.
     *
     * @param expected the length of the payload in bytes
     * @param received how many of them arrived
     */
    public TruncatedFrameException(long expected, long received) {
        this("payload", expected, received);
    }

    private TruncatedFrameException(String part, long expected, long received) {
        super("stream ended after " + received + " of " + expected + " " + part
                + " bytes; the peer closed early, or both ends use different headers");
        this.expected = expected;
        this.received = received;
    }

    /**
     * Describes a stream that ended inside a header.
     *
     * @param expected the width of the header in bytes
     * @param received how many of them arrived
     */
    public static TruncatedFrameException inHeader(int expected, int received) {
        return new TruncatedFrameException("header", expected, received);
    }

    /** How many bytes the part has in which the stream ended: the payload, or the header before it. */
    public long expected() {
        return expected;
    }

    /** How many bytes of that part arrived. */
    public long received() {
        return received;
    }
}
