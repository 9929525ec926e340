package io.mutil.codec.internal;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.FrameTooLargeException;
import io.netty.buffer.ByteBuf;

/** How the borders of frames are written and read. Immutable. */
public interface Framing {
    /** The kind of every frame where frames have none, and of ordinary payloads where they have. */
    int DATA = 0;

    /** Frames that are nothing but a length and a payload. */
    static Framing bare(FrameFormat format) {
        return new BareFraming(format);
    }

    /**
     * Frames with a kind byte in front of the payload, which the length on the wire counts.
     *
     * @param format its limit is that of the payload without the kind
     */
    static Framing typed(FrameFormat format) {
        return new TypedFraming(format);
    }

    /** The most bytes that come before a payload. */
    int maxHeaderBytes();

    /** Whether frames have a kind. */
    boolean typed();

    /**
     * Whether a payload of this length may be sent.
     *
     * @throws IllegalArgumentException if not
     */
    void check(long length);

    /** Appends what comes before a payload that {@link #check} let pass. */
    void writeHeader(ByteBuf into, int kind, long length);

    /**
     * Reads what comes before a payload, except for the kind.
     *
     * @return bytes of the payload, the kind byte included; -1 if the header is not all there: then nothing was read
     * @throws FrameTooLargeException if the payload is longer than may be received
     */
    long readHeader(ByteBuf in) throws FrameTooLargeException;
}
