package io.mutil.awssig;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that is signed by its query: a link. */
record QueryForm(URI uri, Draft draft) {
    static final String SIGNATURE = "X-Amz-Signature";
    static final String TOKEN = "X-Amz-Security-Token";
    static final String CONTENT_SHA256 = "X-Amz-Content-Sha256";
    private static final Duration LONGEST = Duration.ofDays(7);

    static QueryForm sign(Scheme scheme, Request request, Credentials who, DayKey key, Stamp time, Duration expiry) {
        String payloadHash = payloadHash(scheme, request.payload());
        HeaderList headers = headers(request);
        @Nullable String token = who.sessionToken();
        CanonicalQuery query = withoutSignature(request.query())
                .add("X-Amz-Algorithm", CanonicalRequest.ALGORITHM)
                .add("X-Amz-Credential", key.credential())
                .add("X-Amz-Date", time.time())
                .add("X-Amz-Expires", Long.toString(seconds(expiry)))
                .add("X-Amz-SignedHeaders", headers.sort().names());
        if (token != null && scheme.signToken()) {
            query.add(TOKEN, token);
        }
        if (scheme.isS3() && !payloadHash.equals(FixedPayload.UNSIGNED_HASH)) {
            query.add(CONTENT_SHA256, payloadHash);
        }
        String path = scheme.path().canonical(request.path());
        Draft draft = Draft.of(CanonicalRequest.of(request.method(), path, query, headers, payloadHash), time, key);
        query.add(SIGNATURE, draft.signature());
        if (token != null && !scheme.signToken()) {
            query.add(TOKEN, token);
        }
        return new QueryForm(uri(request, query), draft);
    }

    private static long seconds(Duration expiry) {
        if (expiry.compareTo(Duration.ofSeconds(1)) < 0 || expiry.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a link lives from 1 second to 7 days, was " + expiry);
        }
        return expiry.toSeconds();
    }

    private static String payloadHash(Scheme scheme, @Nullable Payload payload) {
        if (payload instanceof ChunkedPayload) {
            throw new IllegalArgumentException("a link cannot sign a body in chunks; leave the payload out");
        }
        return payload != null ? payload.hash() : scheme.isS3() ? FixedPayload.UNSIGNED_HASH : Sha256.OF_NOTHING;
    }

    private static HeaderList headers(Request request) {
        var headers = new HeaderList();
        boolean[] hostGiven = {false};
        request.forEachHeader((header, value) -> {
            String name = header.toLowerCase(Locale.ROOT);
            hostGiven[0] |= name.equals("host");
            if (HeaderList.isSigned(name) && !name.equals(HeaderForm.DATE)) {
                headers.add(name, value);
            }
        });
        if (!hostGiven[0]) {
            headers.add("host", request.host());
        }
        return headers;
    }

    /** So that a link can be signed again. */
    private static CanonicalQuery withoutSignature(@Nullable String query) {
        return CanonicalQuery.of(query)
                .without("X-Amz-Algorithm")
                .without("X-Amz-Credential")
                .without("X-Amz-Date")
                .without("X-Amz-Expires")
                .without("X-Amz-SignedHeaders")
                .without(TOKEN)
                .without(CONTENT_SHA256)
                .without(SIGNATURE);
    }

    /** With the query in the form that was signed: not every server finds it again from another one. */
    private static URI uri(Request request, CanonicalQuery query) {
        String path = request.path().isEmpty() ? "/" : request.path();
        try {
            return new URI(request.scheme() + "://" + request.host() + path + "?" + query);
        } catch (URISyntaxException e) { // its message has the whole link
            throw new IllegalArgumentException("a link needs a legal URI, was " + request.host() + path
                    + "; encode the path, as S3Endpoint.uri does");
        }
    }
}
