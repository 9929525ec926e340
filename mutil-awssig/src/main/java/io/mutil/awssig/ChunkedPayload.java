package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A body that goes in chunks, each with its signature or all with a checksum after them; {@link Signed#body} encodes it.
 * Immutable: the methods return a new one.
 *
 * <pre>{@code
 * ChunkedPayload payload = Payload.chunked(Files.size(file)).trailer(Checksum.CRC32C);
 * Signed signed = s3.sign("PUT", uri, Map.of(), payload);
 * try (InputStream body = signed.body(Files.newInputStream(file))) {
 *     send(signed.headers(), payload.encodedLength(), body);
 * }
 * }</pre>
 */
public final class ChunkedPayload extends Payload {
    /** The words in the place of a payload's hash: signed chunks, these and a signed trailer, an unsigned trailer alone. */
    static final String SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    static final String SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    static final String UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    static final String ENCODING = "aws-chunked";
    static final String DECODED_LENGTH = "x-amz-decoded-content-length";
    static final String TRAILER = "x-amz-trailer";
    static final String EXTENSION = ";chunk-signature=";
    static final String TRAILER_SIGNATURE = "x-amz-trailer-signature:";
    private static final int LINE_END = 2;
    private static final int DEFAULT_CHUNK = 64 << 10;
    private static final int SMALLEST_CHUNK = 8 << 10;
    private static final int LARGEST_CHUNK = 1 << 30;

    private final long length;
    private final int chunkSize;
    private final @Nullable Checksum checksum;
    private final boolean signed;

    private ChunkedPayload(long length, int chunkSize, @Nullable Checksum checksum, boolean signed) {
        this.length = length;
        this.chunkSize = chunkSize;
        this.checksum = checksum;
        this.signed = signed;
    }

    /** What else a header {@code Content-Encoding} names. */
    static String otherEncodings(String header) {
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equalsIgnoreCase(ENCODING))
                .collect(Collectors.joining(","));
    }

    static ChunkedPayload of(long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative, was " + length);
        }
        return new ChunkedPayload(length, DEFAULT_CHUNK, null, true);
    }

    /**
     * How much goes into a chunk, which is held in memory.
     *
     * @param bytes from 8 KiB, as S3 wants, to 1 GiB; default 64 KiB
     */
    public ChunkedPayload chunkSize(int bytes) {
        if (bytes < SMALLEST_CHUNK || bytes > LARGEST_CHUNK) {
            throw new IllegalArgumentException("chunkSize must be from 8 KiB to 1 GiB, was " + bytes);
        }
        return new ChunkedPayload(length, bytes, checksum, signed);
    }

    /** Signs the chunks, and a checksum after them: {@code STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER}. */
    public ChunkedPayload trailer(Checksum checksum) {
        return new ChunkedPayload(length, chunkSize, requireNonNull(checksum, "checksum"), true);
    }

    /** Only adds a checksum, and signs neither: {@code STREAMING-UNSIGNED-PAYLOAD-TRAILER}, for TLS. */
    public ChunkedPayload unsigned(Checksum checksum) {
        return new ChunkedPayload(length, chunkSize, requireNonNull(checksum, "checksum"), false);
    }

    /** The length of what is sent, for {@code Content-Length}. */
    public long encodedLength() {
        long full = length / chunkSize;
        long rest = length % chunkSize;
        return full * chunkLength(chunkSize)
                + (rest == 0 ? 0 : chunkLength(rest))
                + headLength(0)
                + trailerLength()
                + LINE_END;
    }

    private long chunkLength(long bytes) {
        return headLength(bytes) + bytes + LINE_END;
    }

    private long headLength(long bytes) {
        return Long.toHexString(bytes).length() + (signed ? EXTENSION.length() + 2L * Sha256.LENGTH : 0) + LINE_END;
    }

    private long trailerLength() {
        if (checksum == null) {
            return 0;
        }
        long line = checksum.header().length() + 1L + checksum.valueLength() + LINE_END;
        return signed ? line + TRAILER_SIGNATURE.length() + 2L * Sha256.LENGTH + LINE_END : line;
    }

    /** Without what the chunks add. */
    long length() {
        return length;
    }

    int chunkSize() {
        return chunkSize;
    }

    @Nullable
    Checksum checksum() {
        return checksum;
    }

    boolean isSigned() {
        return signed;
    }

    @Override
    String hash() {
        if (!signed) {
            return UNSIGNED_TRAILER;
        }
        return checksum == null ? SIGNED_CHUNKS : SIGNED_TRAILER;
    }

    @Override
    public String toString() {
        return "ChunkedPayload[" + length + " bytes, " + hash() + "]";
    }
}
