package io.mutil.awssig;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body that is checked while it is read. Once that has failed it fails for good, so that nothing unchecked comes out. */
abstract class CheckedBody extends InputStream {
    private @Nullable Exception failure;

    /** Gives at least one byte, or -1 once the whole body is known to be right. */
    abstract int take(byte[] target, int offset, int length) throws IOException;

    /** How many bytes are there that were checked. */
    abstract int ready();

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public final int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (failure != null) {
            throw again(failure);
        }
        if (length == 0) {
            return 0;
        }
        try {
            return take(target, offset, length);
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private static IOException again(Exception failure) {
        return failure instanceof BodyRefusedException
                ? new BodyRefusedException(String.valueOf(failure.getMessage()))
                : new IOException("the body cannot be read on after a read failed; refuse the request", failure);
    }

    @Override
    public final int available() {
        return failure == null ? ready() : 0;
    }
}
