package io.mutil.awssig;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;

/** What a {@link Verifier} found: {@link Accepted} or {@link Refused}. */
public sealed interface Verification {
    /** Whether the signature is right. */
    boolean isAccepted();

    /** Why a request is refused. */
    enum Reason {
        /** It has no signature. */
        NOT_SIGNED,
        /** A part of the signature is missing or cannot be read. */
        MALFORMED,
        /** A part of the signature, an x-amz header or a parameter is there twice, so that nobody knows which one counts. */
        DUPLICATE,
        /** It is signed for another region or service. */
        WRONG_SCOPE,
        /** Its time is too far from the verifier's clock, or not in the day of its scope. */
        WRONG_TIME,
        /** A link whose time is over. */
        EXPIRED,
        /** A header should be signed and is not, or is signed and did not arrive. */
        HEADERS,
        /** The body is not the one that was signed, or nothing says what was. */
        BODY,
        /** The access key is unknown, or the secret or the request is another one than was signed. */
        NO_MATCH
    }

    /** A request whose signature is right; its body may still have to be read through {@link #body}. */
    final class Accepted implements Verification {
        private final Claim claim;
        private final BodyCheck body;

        Accepted(Claim claim, BodyCheck body) {
            this.claim = claim;
            this.body = body;
        }

        @Override
        public boolean isAccepted() {
            return true;
        }

        /** Whose signature it is. */
        public String accessKey() {
            return claim.accessKey();
        }

        /** Day, region and service, as {@code 20150830/us-east-1/iam/aws4_request}. */
        public String scope() {
            return claim.scope();
        }

        /** When it was signed. */
        public Instant time() {
            return Instant.ofEpochSecond(claim.time().epochSecond());
        }

        /** The headers that the signature covers, in lower case and sorted; others may have come from anybody. */
        public List<String> signedHeaders() {
            return claim.signedHeaders();
        }

        /** Whether the signature covers the body; else {@link #body} checks no more than its checksum, if there is one. */
        public boolean isBodySigned() {
            return body.isSigned();
        }

        /**
         * The body as the client meant it: without the frames of a body in chunks, and checked while it is read. Of signed
         * chunks only bytes that were verified come out. Of anything else bytes come out before, but the last one, which
         * waits for the end of {@code raw}: do not act on them until a read has given -1 or as many bytes as you expect.
         * Reading fails with a {@link BodyRefusedException} where the body is not the one that was signed, and after any
         * failure it fails again.
         *
         * @param raw the body as it arrived; closed with the result
         */
        public InputStream body(InputStream raw) {
            return body.over(raw);
        }

        void drain(InputStream raw) throws IOException {
            try (InputStream checked = body(raw)) {
                checked.transferTo(OutputStream.nullOutputStream());
            }
        }

        @Override
        public String toString() {
            return "Accepted[" + accessKey() + ", " + scope() + ", " + signedHeaders() + "]";
        }
    }

    /**
     * A request to turn away, say with status 403.
     *
     * @param message says what to change; made for the client, it never holds the right signature
     */
    record Refused(Reason reason, String message) implements Verification {
        @Override
        public boolean isAccepted() {
            return false;
        }
    }
}
