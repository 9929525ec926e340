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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body in chunks and verifies it. A signed chunk is held in memory until its signature is known to be right; an
 * unsigned one goes through. The last of the bytes wait until what follows them was verified too. Source: S3 API reference,
 * "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks".
 */
final class VerifiedChunks extends CheckedBody {
    private static final int FIRST_BUFFER = 64 << 10;

    private final ChunkLines in;
    private final List<String> trailer;
    private final int maxChunkBytes;
    private final @Nullable ChunkSigner signer;
    private final @Nullable Checksum checksum;
    private final Checksum.@Nullable Running running;
    /** What the chunks may still bring. */
    private long left;
    /** What a signed chunk has brought; from {@code at} to {@code end} it is verified. */
    private byte[] chunk = new byte[0];

    private int at;
    private int end;
    /** What an unsigned chunk still has. */
    private long unread;

    private boolean ended;

    /** The first line of a chunk. */
    private record Head(long size, String signature) {}

    /** @param signer null if chunks are not signed */
    VerifiedChunks(
            InputStream raw, long length, List<String> trailer, int maxChunkBytes, @Nullable ChunkSigner signer) {
        in = new ChunkLines(raw);
        left = length;
        this.trailer = trailer;
        this.maxChunkBytes = maxChunkBytes;
        this.signer = signer;
        checksum = checksums(trailer).findFirst().orElse(null);
        running = checksum == null ? null : checksum.start();
    }

    /** The checksums among the headers that follow a body. */
    static Stream<Checksum> checksums(List<String> trailer) {
        return Arrays.stream(Checksum.values()).filter(known -> trailer.contains(known.header()));
    }

    @Override
    int take(byte[] target, int offset, int length) throws IOException {
        while (!ended && at == end && unread == 0) {
            nextChunk();
        }
        if (unread > 0) {
            return copy(target, offset, (int) Math.min(length, unread));
        }
        int count = Math.min(length, end - at);
        System.arraycopy(chunk, at, target, offset, count);
        at += count;
        return count == 0 ? -1 : count;
    }

    @Override
    int ready() {
        return end - at;
    }

    private int copy(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        update(target, offset, count);
        unread -= count;
        if (unread == 0) {
            in.expectLineEnd();
            endIfNothingIsLeft();
        }
        return count;
    }

    private void nextChunk() throws IOException {
        Head head = head();
        if (head.size() == 0) {
            end(head);
        } else if (signer == null) {
            unread = head.size();
        } else {
            int filled = fill(head.size());
            verify(signer.chunk(chunk, 0, filled), head.signature(), "a chunk");
            update(chunk, 0, filled);
            endIfNothingIsLeft();
            at = 0;
            end = filled;
        }
    }

    private void endIfNothingIsLeft() throws IOException {
        if (left == 0) {
            end(head());
        }
    }

    private Head head() throws IOException {
        String line = in.line();
        int mark = line.indexOf(';');
        long size = size(mark < 0 ? line : line.substring(0, mark));
        if (size > left) {
            throw new BodyRefusedException(
                    "the chunks hold more bytes than " + ChunkedPayload.DECODED_LENGTH + " says");
        }
        left -= size;
        return new Head(size, signature(mark < 0 ? "" : line.substring(mark)));
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
    private int fill(long size) throws IOException {
        if (size > maxChunkBytes) {
            throw new BodyRefusedException("a chunk of " + size + " bytes is longer than the " + maxChunkBytes
                    + " that are allowed; send shorter ones");
        }
        int filled = 0;
        while (filled < size) {
            if (filled == chunk.length) {
                chunk = Arrays.copyOf(chunk, (int) Math.min(size, Math.max(FIRST_BUFFER, 2L * filled)));
            }
            filled += in.read(chunk, filled, (int) Math.min(size, chunk.length) - filled);
        }
        in.expectLineEnd();
        return filled;
    }

    private void update(byte[] bytes, int from, int length) {
        if (running != null) {
            running.update(bytes, from, length);
        }
    }

    private static void verify(String expected, String actual, String what) throws BodyRefusedException {
        if (!MessageDigest.isEqual(expected.getBytes(ISO_8859_1), actual.getBytes(ISO_8859_1))) {
            throw new BodyRefusedException("the signature of " + what
                    + " is wrong: its bytes, its place or the secret are not those that were signed");
        }
    }

    /** Verifies the last chunk, which is empty, and what follows it. */
    private void end(Head last) throws IOException {
        if (signer != null) {
            verify(signer.chunk(chunk, 0, 0), last.signature(), "a chunk");
        }
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
        for (String line = in.trailerLine(); !line.isEmpty(); line = in.trailerLine()) {
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
        if (checksum != null && running != null && !running.value().equals(values.get(checksum.header()))) {
            throw new BodyRefusedException(checksum.header() + " is not the checksum of the body; send the body again");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
