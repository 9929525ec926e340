package io.mutil.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a handshake without any I/O: bytes in, bytes out.
 *
 * <p>A handshake is a row of fields, each of a length that is known and small before its first byte is taken; so nothing
 * is buffered beyond one field, and nothing is taken that belongs to what follows the handshake. Not for many threads.
 */
abstract class Exchange implements AutoCloseable {
    /** Deals with one field: sends, expects the next one, or agrees. */
    @FunctionalInterface
    interface Step {
        /**
         * Takes one whole field.
         *
         * @throws AuthenticationException if the peer is refused; what was sent before is the answer it gets
         */
        void take(byte[] field) throws AuthenticationException;
    }

    /** No field of any handshake is longer, and no length that a peer announces is believed beyond this. */
    static final int MAX_FIELD = 256;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private String awaited = "";
    private byte[] field = {};
    private int filled;
    private @Nullable Step step;
    private @Nullable Agreement agreement;

    /** Sends what this side says before it has heard anything, and expects the first field. */
    abstract void begin() throws AuthenticationException;

    /** Whether the peer's first bytes may be any, so that a handshake which goes well can look like another protocol. */
    boolean hearsRandomFirst() {
        return false;
    }

    /** Names the next field, its length, and what becomes of it. */
    final void expect(String what, int length, Step next) {
        if (length < 0 || length > MAX_FIELD) {
            throw new IllegalArgumentException("a field has 0 to " + MAX_FIELD + " bytes, not " + length);
        }
        awaited = what;
        field = new byte[length];
        filled = 0;
        step = next;
    }

    final void send(byte[]... parts) {
        for (byte[] part : parts) {
            output.writeBytes(part);
        }
    }

    final void agree(Agreement settled) {
        agreement = settled;
    }

    /**
     * Takes what the handshake needs of these bytes and leaves the rest.
     *
     * @return what was agreed on, or null while there is more to come
     * @throws AuthenticationException if the peer is refused; the handshake is over
     */
    final @Nullable Agreement receive(ByteBuffer in) throws AuthenticationException {
        while (agreement == null) {
            Step now = step;
            if (now == null) {
                throw new IllegalStateException("the handshake has failed or not begun");
            }
            int count = Math.min(in.remaining(), field.length - filled);
            in.get(field, filled, count);
            filled += count;
            if (filled < field.length) {
                return null;
            }
            step = null;
            now.take(field);
        }
        return agreement;
    }

    /** What is to be sent now; each byte is returned once. */
    final byte[] output() {
        byte[] bytes = output.toByteArray();
        output.reset();
        return bytes;
    }

    /** What this side waits for, as in "the server's preamble". */
    final String awaited() {
        return awaited;
    }

    /** Ends the handshake, however far it has come: a challenge that it issued is worth nothing afterwards. */
    @Override
    public void close() {}
}
