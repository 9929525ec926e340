package io.mutil.codec;

import java.io.IOException;

/** A payload does not hold what it should. Says where and what was expected, never what the payload says. */
public final class MalformedPayloadException extends IOException {
    private final String expected;
    private final long offset;

    /**
     * Describes what is wrong; {@code problem} must not quote the payload.
     *
     * @param problem the fault, as in "is not valid JSON"
     * @param expected the type of value that was expected
     * @param offset bytes from the start of the payload, or -1 if unknown
     */
    public MalformedPayloadException(String problem, String expected, long offset) {
        super("payload " + problem + (offset < 0 ? "" : " at byte " + offset) + "; expected " + expected
                + ", so check what the peer sends");
        this.expected = expected;
        this.offset = offset;
    }

    /** The type of value that was expected. */
    public String expected() {
        return expected;
    }

    /** Where the fault was noticed, in bytes from the start of the payload; -1 if unknown. */
    public long offset() {
        return offset;
    }
}
