package io.mutil.server;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What comes before the bytes of a file.
 *
 * @param sha256 whether a digest comes after them
 * @param length how many there will be
 * @param offset where they belong in the target
 */
record FileStart(boolean sha256, long length, long offset, ByteBuffer prefix) {
    private static final int FIXED_BYTES = Byte.BYTES + 2 * Long.BYTES;
    private static final int SHA_256 = 1;

    /** The longest payload of this kind. */
    static final int MAX_BYTES = FIXED_BYTES + FileToSend.MAX_PREFIX_BYTES;

    int bytes() {
        return FIXED_BYTES + prefix.remaining();
    }

    /** How long the target will be. */
    long size() {
        return offset + length;
    }

    void write(ByteBuf into) {
        into.writeByte(sha256 ? SHA_256 : 0).writeLongLE(length).writeLongLE(offset);
        into.writeBytes(prefix.duplicate());
    }

    static FileStart parse(ByteBuffer payload) throws IOException {
        if (payload.remaining() < FIXED_BYTES) {
            throw new IOException("start of a file has " + payload.remaining() + " bytes, at least " + FIXED_BYTES
                    + " are needed; the peer does not speak this protocol");
        }
        ByteBuffer in = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int flags = Byte.toUnsignedInt(in.get());
        long length = in.getLong();
        long offset = in.getLong();
        if ((flags & ~SHA_256) != 0) {
            throw new IOException("start of a file has flags " + flags + ", of which only 1 is known; update this end");
        }
        if (length < 0 || offset < 0 || offset + length < 0) {
            throw new IOException("file of " + Long.toUnsignedString(length) + " bytes at offset "
                    + Long.toUnsignedString(offset) + " ends beyond 2^63-1; the peer is wrong");
        }
        return new FileStart((flags & SHA_256) != 0, length, offset, in.slice());
    }
}
