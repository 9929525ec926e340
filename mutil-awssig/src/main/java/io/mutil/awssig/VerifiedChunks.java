package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body in chunks and verifies it. A signed chunk is held in memory until its signature is known to be right; an
 * unsigned one goes through, and its checksum is compared at the end. Source: S3 API reference, "Signature Calculations for
 * the Authorization Header: Transferring Payload in Multiple Chunks".
 */
final class VerifiedChunks extends InputStream {
    private static final int FIRST_BUFFER = 64 << 10;

    private final ChunkLines in;
    private final List<String> trailer;
    private final int maxChunkBytes;
    private final @Nullable ChunkSigner signer;
    private final @Nullable TrailerChecksum checksum;
    /** What the chunks may still bring. */
    private long left;
    /** What a signed chunk has brought. */
    private byte[] chunk = new byte[0];

    private int at;
    private int end;
    /** What an unsigned chunk still has. */
    private long unread;

    private boolean ended;
    private @Nullable String failure;

    /** @param signer null if chunks are not signed */
    VerifiedChunks(
            InputStream raw, long length, List<String> trailer, int maxChunkBytes, @Nullable ChunkSigner signer) {
        in = new ChunkLines(raw);
        left = length;
        this.trailer = trailer;
        this.maxChunkBytes = maxChunkBytes;
        this.signer = signer;
        checksum = trailer.stream()
                .map(TrailerChecksum::of)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (failure != null) {
            throw new BodyRefusedException(failure);
        }
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended && at == end && unread == 0) {
                nextChunk();
            }
            return ended ? -1 : copy(target, offset, length);
        } catch (BodyRefusedException e) {
            failure = e.getMessage();
            throw e;
        }
    }

    private int copy(byte[] target, int offset, int length) throws IOException {
        if (unread == 0) {
            int count = Math.min(length, end - at);
            System.arraycopy(chunk, at, target, offset, count);
            at += count;
            return count;
        }
        int count = in.read(target, offset, (int) Math.min(length, unread));
        update(target, offset, count);
        unread -= count;
        if (unread == 0) {
            in.expectLineEnd();
        }
        return count;
    }

    private void nextChunk() throws IOException {
        String head = in.line();
        int mark = head.indexOf(';');
        long size = size(mark < 0 ? head : head.substring(0, mark));
        if (size > left) {
            throw new BodyRefusedException(
                    "the chunks hold more bytes than " + ChunkedPayload.DECODED_LENGTH + " says");
        }
        left -= size;
        String signature = signature(mark < 0 ? "" : head.substring(mark));
        if (signer != null) {
            fill(size);
            verify(signer.chunk(chunk, 0, end), signature, "a chunk");
        } else {
            unread = size;
        }
        if (size == 0) {
            end();
        }
    }

    private static long size(String hex) throws BodyRefusedException {
        if (hex.isEmpty() || hex.length() > 15 || !hex.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
            throw new BodyRefusedException("a chunk must begin with its length in hexadecimal digits");
        }
        return Long.parseLong(hex, 16);
    }

    private String signature(String extension) throws BodyRefusedException {
        if (signer == null ? !extension.isEmpty() : !extension.startsWith(ChunkedPayload.EXTENSION)) {
            throw new BodyRefusedException(
                    signer == null
                            ? "a chunk must have nothing after its length where chunks are not signed"
                            : "a chunk must have " + ChunkedPayload.EXTENSION + " after its length");
        }
        return signer == null ? "" : extension.substring(ChunkedPayload.EXTENSION.length());
    }

    /** Takes memory only as bytes come, whatever length was announced. */
    private void fill(long size) throws IOException {
        if (size > maxChunkBytes) {
            throw new BodyRefusedException("a chunk of " + size + " bytes is longer than the " + maxChunkBytes
                    + " that are allowed; send shorter ones");
        }
        at = 0;
        end = 0;
        while (end < size) {
            if (end == chunk.length) {
                chunk = Arrays.copyOf(chunk, (int) Math.min(size, Math.max(FIRST_BUFFER, 2L * end)));
            }
            end += in.read(chunk, end, (int) Math.min(size, chunk.length) - end);
        }
        if (size > 0) {
            in.expectLineEnd();
            update(chunk, 0, end);
        }
    }

    private void update(byte[] bytes, int from, int length) {
        if (checksum != null) {
            checksum.update(bytes, from, length);
        }
    }

    private static void verify(String expected, String actual, String what) throws BodyRefusedException {
        if (!MessageDigest.isEqual(expected.getBytes(ISO_8859_1), actual.getBytes(ISO_8859_1))) {
            throw new BodyRefusedException("the signature of " + what
                    + " is wrong: its bytes, its place or the secret are not those that were signed");
        }
    }

    private void end() throws IOException {
        if (left > 0) {
            throw new BodyRefusedException(
                    "the chunks hold " + left + " bytes fewer than " + ChunkedPayload.DECODED_LENGTH + " says");
        }
        if (trailer.isEmpty()) {
            in.expectLineEnd();
        } else {
            readTrailer();
        }
        in.expectEnd();
        ended = true;
    }

    private void readTrailer() throws IOException {
        Map<String, String> values = new HashMap<>();
        var signed = new StringBuilder();
        String signature = "";
        for (String line = in.line(); !line.isEmpty(); line = in.line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (line.startsWith(ChunkedPayload.TRAILER_SIGNATURE) && signer != null && signature.isEmpty()) {
                signature = value;
            } else if (trailer.contains(name) && signature.isEmpty() && values.put(name, value) == null) {
                signed.append(name).append(':').append(value).append('\n');
            } else {
                throw new BodyRefusedException("after the body there must be the headers of " + ChunkedPayload.TRAILER
                        + ", each once, then their signature if chunks are signed");
            }
        }
        if (values.size() != trailer.size()) {
            throw new BodyRefusedException(
                    "after the body a header is missing that " + ChunkedPayload.TRAILER + " announces");
        }
        if (signer != null) {
            verify(signer.trailer(signed.toString()), signature, "the trailer");
        }
        if (checksum != null && !checksum.matches(values.getOrDefault(checksum.header(), ""))) {
            throw new BodyRefusedException(checksum.header() + " is not the checksum of the body; send the body again");
        }
    }

    @Override
    public int available() {
        return failure == null ? end - at : 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
