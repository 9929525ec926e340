package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A body whose hash is compared when it has ended. */
final class HashedBody extends FilterInputStream {
    private final MessageDigest digest = Sha256.fresh();
    private final String expected;
    private boolean verified;
    private @Nullable BodyRefusedException failure;

    HashedBody(InputStream in, String expected) {
        super(in);
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw new BodyRefusedException(String.valueOf(failure.getMessage()));
        }
        if (length == 0) {
            return 0;
        }
        int read = in.read(bytes, offset, length);
        if (read > 0) {
            digest.update(bytes, offset, read);
        } else if (read < 0) {
            verify();
        }
        return read;
    }

    private void verify() throws BodyRefusedException {
        if (verified) {
            return;
        }
        byte[] actual = Sha256.hex(digest.digest()).getBytes(ISO_8859_1);
        if (!MessageDigest.isEqual(actual, expected.getBytes(ISO_8859_1))) {
            failure = new BodyRefusedException("the body is not the one whose SHA-256 was signed; send the same bytes");
            throw failure;
        }
        verified = true;
    }

    @Override
    public long skip(long count) throws IOException {
        // what is skipped is hashed too
        return readNBytes((int) Math.min(count, 1 << 13)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
