package io.mutil.awssig;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a signature says about the body, and so how to check it.
 *
 * @param stated the last line of the canonical request
 * @param length of a body in chunks without their frames; else -1
 * @param trailer the headers after a body in chunks
 * @param signer begins the chain of chunks; null as long as the request is not verified
 */
record BodyCheck(
        String stated,
        long length,
        List<String> trailer,
        int maxChunkBytes,
        @Nullable ChainStart signer) {
    private static final List<String> FORMS =
            List.of(ChunkedPayload.SIGNED_CHUNKS, ChunkedPayload.SIGNED_TRAILER, ChunkedPayload.UNSIGNED_TRAILER);
    private static final int MAX_LENGTH_DIGITS = 18;

    /** Makes what verifies a chain of chunks anew. */
    @FunctionalInterface
    interface ChainStart {
        ChunkSigner start();
    }

    static BodyCheck of(Claim claim, Incoming request, byte @Nullable [] body, int maxChunkBytes) throws Refusal {
        String stated = stated(claim, request, body);
        if (!stated.startsWith("STREAMING-")) {
            if (!stated.equals(FixedPayload.UNSIGNED_HASH) && !isHash(stated)) {
                throw Refusal.malformed("x-amz-content-sha256 must be 64 hexadecimal digits in lower case, "
                        + FixedPayload.UNSIGNED_HASH + " or a STREAMING- form");
            }
            return new BodyCheck(stated, -1, List.of(), maxChunkBytes, null);
        }
        if (claim.expires() != null || !FORMS.contains(stated)) {
            throw Refusal.malformed("x-amz-content-sha256 must be one of " + String.join(", ", FORMS)
                    + " where a body comes in chunks, and not in a link");
        }
        List<String> trailer = stated.equals(ChunkedPayload.SIGNED_CHUNKS) ? List.of() : trailer(request);
        return new BodyCheck(stated, decodedLength(request), trailer, maxChunkBytes, null);
    }

    private static String stated(Claim claim, Incoming request, byte @Nullable [] body) throws Refusal {
        if (claim.payload() != null) {
            return claim.payload();
        }
        if (Scheme.isS3(claim.service())) {
            if (claim.expires() != null) {
                return FixedPayload.UNSIGNED_HASH;
            }
            throw new Refusal(
                    Verification.Reason.BODY,
                    "a header x-amz-content-sha256 must tell the hash of the body, or that " + "it is "
                            + FixedPayload.UNSIGNED_HASH);
        }
        if (body == null && request.hasBody()) {
            throw new Refusal(
                    Verification.Reason.BODY,
                    "the signature covers the body without naming its hash; send it in x-amz-content-sha256, or let the "
                            + "server verify with the body at hand");
        }
        return body == null ? Sha256.OF_NOTHING : Sha256.hexOf(body);
    }

    private static boolean isHash(String text) {
        return text.length() == Sha256.OF_NOTHING.length()
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static long decodedLength(Incoming request) throws Refusal {
        String length = request.single(ChunkedPayload.DECODED_LENGTH);
        boolean number = length != null
                && !length.isEmpty()
                && length.length() <= MAX_LENGTH_DIGITS
                && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) {
            throw Refusal.malformed("a header " + ChunkedPayload.DECODED_LENGTH
                    + " must tell the length of a body that comes in chunks");
        }
        return Long.parseLong(length);
    }

    private static List<String> trailer(Incoming request) throws Refusal {
        String names = request.single(ChunkedPayload.TRAILER);
        List<String> trailer = names == null
                ? List.of()
                : Arrays.stream(names.toLowerCase(Locale.ROOT).split(",", -1))
                        .map(String::strip)
                        .toList();
        if (VerifiedChunks.checksums(trailer).count() != 1
                || trailer.stream().distinct().count() != trailer.size()) {
            throw Refusal.malformed("a header " + ChunkedPayload.TRAILER + " must name one checksum that follows the "
                    + "body, of " + known());
        }
        return trailer;
    }

    private static String known() {
        return Arrays.stream(Checksum.values()).map(Checksum::header).collect(Collectors.joining(", "));
    }

    BodyCheck with(ChainStart signer) {
        return new BodyCheck(stated, length, trailer, maxChunkBytes, signer);
    }

    boolean isSigned() {
        return !stated.equals(FixedPayload.UNSIGNED_HASH) && !stated.equals(ChunkedPayload.UNSIGNED_TRAILER);
    }

    InputStream over(InputStream raw) {
        if (stated.equals(FixedPayload.UNSIGNED_HASH)) {
            return raw;
        }
        if (length < 0) {
            return new HashedBody(raw, stated);
        }
        ChunkSigner chain = signer == null || !isSigned() ? null : signer.start();
        return new VerifiedChunks(raw, length, trailer, maxChunkBytes, chain);
    }
}
