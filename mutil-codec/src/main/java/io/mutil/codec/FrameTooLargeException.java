package io.mutil.codec;

import java.io.IOException;

/** A frame is longer than it may be. Received, it ends the connection; sent, it fails that write and nothing else. */
public final class FrameTooLargeException extends IOException {
    private final long announced;
    private final long max;

    /**
     * Describes a frame beyond {@link FrameFormat#maxBytes()}.
     *
     * @param announced the length of the payload in bytes
     * @param max the most that is accepted, in bytes
     */
    public FrameTooLargeException(long announced, long max) {
        this(
                announced,
                max,
                "frame of " + announced + " bytes exceeds maxBytes " + max
                        + "; raise it with FrameFormat.maxBytes, or check that both ends use the same header width");
    }

    private FrameTooLargeException(long announced, long max, String message) {
        super(message);
        this.announced = announced;
        this.max = max;
    }

    /** Describes a received frame, so that the peer's header is what may be wrong. */
    static FrameTooLargeException received(long announced, long max, int headerBytes) {
        return new FrameTooLargeException(
                announced,
                max,
                "frame of " + announced + " bytes exceeds maxBytes " + max
                        + "; raise it with FrameFormat.maxBytes, or check that both ends use " + headerBytes
                        + "-byte headers"
                        + (isText(announced, headerBytes) ? ", and that nothing prints to the stream" : ""));
    }

    /** Whether the header reads as text. */
    private static boolean isText(long announced, int headerBytes) {
        if (headerBytes < Integer.BYTES) {
            return false;
        }
        long rest = announced;
        for (int i = 0; i < headerBytes; i++) {
            int next = (int) (rest & 0xff);
            if ((next < ' ' && next != '\n' && next != '\r' && next != '\t') || next > '~') {
                return false;
            }
            rest >>>= Byte.SIZE;
        }
        return rest == 0;
    }

    static FrameTooLargeException beyondLong(long max, int headerBytes) {
        return new FrameTooLargeException(
                Long.MAX_VALUE,
                max,
                "frame of more than 9223372036854775807 bytes exceeds maxBytes " + max + "; check that both ends use "
                        + headerBytes + "-byte headers");
    }

    static FrameTooLargeException forHeader(long announced, int headerBytes) {
        long max = LengthHeader.max(headerBytes);
        return new FrameTooLargeException(
                announced,
                max,
                "frame of " + announced + " bytes exceeds the " + max + " that a " + headerBytes
                        + "-byte header can express; use a wider header on both ends");
    }

    static FrameTooLargeException forBuffer(long announced) {
        return new FrameTooLargeException(
                announced,
                Integer.MAX_VALUE,
                "frame of " + announced + " bytes exceeds the " + Integer.MAX_VALUE
                        + " that one buffer holds; receive it with FrameFormat.newStreamingDecoder");
    }

    /** The length of the payload in bytes; {@link Long#MAX_VALUE} also stands for everything longer. */
    public long announced() {
        return announced;
    }

    /** The most that was acceptable, in bytes. */
    public long max() {
        return max;
    }
}
