package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What comes after the bytes of a file.
 *
 * @param aborted why the sender gave up; null if it did not
 * @param sha256 of a file that is complete, if it was promised
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FileEnd(@Nullable String aborted, byte @Nullable [] sha256) {
    private static final int COMPLETE = 0;
    private static final int ABORTED = 1;
    private static final int SHA_256_BYTES = 32;

    /** The longest payload of this kind. */
    static final int MAX_BYTES = 1 + 1024;

    static FileEnd complete(byte @Nullable [] sha256) {
        return new FileEnd(null, sha256);
    }

    static FileEnd aborted(String reason) {
        return new FileEnd(reason, null);
    }

    byte[] payload() {
        byte[] rest = aborted != null ? aborted.getBytes(UTF_8) : sha256 != null ? sha256 : new byte[0];
        byte[] payload = new byte[1 + Math.min(rest.length, MAX_BYTES - 1)];
        payload[0] = (byte) (aborted != null ? ABORTED : COMPLETE);
        System.arraycopy(rest, 0, payload, 1, payload.length - 1);
        return payload;
    }

    ByteBuf frame(Connection connection) {
        byte[] payload = payload();
        // a reason may be longer than what the peer takes
        payload = Arrays.copyOf(payload, (int) Math.min(payload.length, connection.maxPayload()));
        return connection.frame(Kinds.FILE_END, payload.length, payload.length).writeBytes(payload);
    }

    static FileEnd parse(ByteBuffer payload, boolean sha256) throws IOException {
        ByteBuffer in = payload.duplicate();
        int status = in.hasRemaining() ? in.get() : -1;
        if (status == ABORTED) {
            return aborted(FileName.shown(UTF_8.decode(in).toString()));
        }
        if (status != COMPLETE || in.remaining() != (sha256 ? SHA_256_BYTES : 0)) {
            throw new IOException("end of a file has status " + status + " and " + in.remaining()
                    + " further bytes; the peer does not speak this protocol");
        }
        if (!sha256) {
            return complete(null);
        }
        byte[] digest = new byte[SHA_256_BYTES];
        in.get(digest);
        return complete(digest);
    }
}
