package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A body whose last byte waits until the hash of all is known to be right. */
final class HashedBody extends CheckedBody {
    private final InputStream in;
    private final MessageDigest digest = Sha256.fresh();
    private final String expected;
    private final byte[] buffer = new byte[8 << 10];
    private int at;
    private int end;
    private boolean verified;

    HashedBody(InputStream in, String expected) {
        this.in = in;
        this.expected = expected;
    }

    @Override
    int take(byte[] target, int offset, int length) throws IOException {
        while (!verified && ready() == 0) {
            fill();
        }
        int count = Math.min(length, ready());
        System.arraycopy(buffer, at, target, offset, count);
        at += count;
        return count == 0 ? -1 : count;
    }

    @Override
    int ready() {
        return verified ? end - at : Math.max(0, end - at - 1);
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            verify();
        } else {
            digest.update(buffer, end, read);
            end += read;
        }
    }

    private void verify() throws BodyRefusedException {
        byte[] actual = Sha256.hex(digest.digest()).getBytes(ISO_8859_1);
        if (!MessageDigest.isEqual(actual, expected.getBytes(ISO_8859_1))) {
            throw new BodyRefusedException("the body is not the one whose SHA-256 was signed; send the same bytes");
        }
        verified = true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
