package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;
import java.util.Collections;
import java.util.Map;

/** A signature by headers. Immutable. */
public final class Signed {
    private final SigV4 signer;
    private final Request request;
    private final Credentials who;
    private final Draft draft;
    private final Map<String, String> headers;

    Signed(SigV4 signer, Request request, Credentials who, Draft draft, Map<String, String> headers) {
        this.signer = signer;
        this.request = request;
        this.who = who;
        this.draft = draft;
        this.headers = Collections.unmodifiableMap(headers);
    }

    /**
     * What to set on the request, in place of headers of the same name: {@code Authorization}, {@code x-amz-date},
     * {@code x-amz-content-sha256} for S3 and where the request has it, {@code x-amz-security-token} for a session, and for a body in chunks its
     * encoding, decoded length and trailer. The HTTP client sets {@code Host} and {@code Content-Length}.
     */
    public Map<String, String> headers() {
        return headers;
    }

    /** The signature in hex. */
    public String signature() {
        return draft.signature();
    }

    /**
     * The body in chunks, with their signatures and the trailer. For each attempt to send it call this anew.
     *
     * @param source of as many bytes as {@link Payload#chunked} was told, or reading it fails; closed with the result
     * @throws IllegalStateException if the request's payload is not chunked
     */
    public InputStream body(InputStream source) {
        if (!(request.payload() instanceof ChunkedPayload payload)) {
            throw new IllegalStateException(
                    "only a body in chunks is encoded; sign with Payload.chunked, or send the body as it is");
        }
        var chunks = new ChunkSigner(draft.key(), draft.time().time(), draft.signature());
        return new ChunkedStream(requireNonNull(source, "source"), payload, chunks);
    }

    /** What exactly was signed, to compare with what the server says. */
    public Explanation explain() {
        return new Explanation(draft, time -> signer.draft(request, who, time));
    }

    @Override
    public String toString() {
        return "Signed[" + request + ", " + draft.time().time() + ", " + headers.keySet() + "]";
    }
}
