package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** What a signature says about the body of a request. Immutable; can be used for several requests. */
public abstract sealed class Payload permits FixedPayload, ChunkedPayload {
    private static final int BUFFER = 64 << 10;

    Payload() {}

    /** No body. */
    public static Payload empty() {
        return FixedPayload.EMPTY;
    }

    /** A body of these bytes, which are hashed now. */
    public static Payload of(byte[] body) {
        return new FixedPayload(Sha256.hexOf(body));
    }

    /** A body of this text in UTF-8. */
    public static Payload of(String body) {
        return of(body.getBytes(UTF_8));
    }

    /**
     * A body that is in a file, which is hashed now; it must not change until it was sent.
     *
     * @throws IOException if it cannot be read
     */
    public static Payload of(Path file) throws IOException {
        MessageDigest digest = Sha256.fresh();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return new FixedPayload(Sha256.hex(digest.digest()));
    }

    /**
     * A body whose hash is known.
     *
     * @param hex 64 digits, as {@code sha256sum} prints them
     */
    public static Payload ofSha256(String hex) {
        return new FixedPayload(FixedPayload.checked(hex));
    }

    /** A body that the signature does not cover; for S3 over TLS. */
    public static Payload unsigned() {
        return FixedPayload.UNSIGNED;
    }

    /**
     * A body that is signed or checked in chunks while it is sent, for S3: nothing is read before.
     *
     * @param length in bytes, without what the chunks add
     */
    public static ChunkedPayload chunked(long length) {
        return ChunkedPayload.of(length);
    }

    /** The last line of the canonical request, and the value of {@code x-amz-content-sha256}. */
    abstract String hash();

    /** Whether that is a hash, and no word in its place. */
    boolean isHashed() {
        return hash().length() == 2 * Sha256.LENGTH;
    }
}
