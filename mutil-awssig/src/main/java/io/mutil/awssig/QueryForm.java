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
    static final String S3_SESSION_TOKEN = "X-Amz-S3session-Token";
    static final String CONTENT_SHA256 = "X-Amz-Content-Sha256";
    private static final Duration LONGEST = Duration.ofDays(7);

    static QueryForm sign(Scheme scheme, Request request, Credentials who, DayKey key, Stamp time, Duration expiry) {
        @Nullable String token = who.sessionToken();
        GivenHeaders given = given(request, token == null ? null : scheme.tokenHeader());
        String payloadHash = payload(scheme, request.payload(), given).hash();
        HeaderList headers = given.withHost(request.host());
        CanonicalQuery query = withoutSignature(request.query(), token == null ? TOKEN : scheme.tokenParameter())
                .add("X-Amz-Algorithm", CanonicalRequest.ALGORITHM)
                .add("X-Amz-Credential", key.credential())
                .add("X-Amz-Date", time.time())
                .add("X-Amz-Expires", Long.toString(seconds(expiry)))
                .add("X-Amz-SignedHeaders", headers.sort().names());
        if (token != null && scheme.signToken()) {
            query.add(scheme.tokenParameter(), token);
        }
        if (isAnnounced(scheme, given, payloadHash)) {
            query.add(CONTENT_SHA256, payloadHash);
        }
        String path = scheme.path().canonical(request.path());
        Draft draft = Draft.of(CanonicalRequest.of(request.method(), path, query, headers, payloadHash), time, key);
        query.add(SIGNATURE, draft.signature());
        if (token != null && !scheme.signToken()) {
            query.add(scheme.tokenParameter(), token);
        }
        return new QueryForm(uri(request, query), draft);
    }

    private static long seconds(Duration expiry) {
        if (expiry.compareTo(Duration.ofSeconds(1)) < 0 || expiry.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a link lives from 1 second to 7 days, was " + expiry);
        }
        return expiry.toSeconds();
    }

    private static GivenHeaders given(Request request, @Nullable String tokenHeader) {
        var given = new GivenHeaders();
        request.forEachHeader((header, value) -> {
            String name = header.toLowerCase(Locale.ROOT);
            if (!name.equals(HeaderForm.DATE) && !name.equals(tokenHeader)) {
                given.take(name, value);
            }
        });
        return given;
    }

    private static Payload payload(Scheme scheme, @Nullable Payload ofRequest, GivenHeaders given) {
        if (ofRequest instanceof ChunkedPayload) {
            throw new IllegalArgumentException("a link cannot sign a body in chunks; leave the payload out");
        }
        return given.payload(ofRequest, scheme.isS3() ? Payload.unsigned() : Payload.empty());
    }

    /** Whether the server has to be told, as it would take another payload for granted. */
    private static boolean isAnnounced(Scheme scheme, GivenHeaders given, String payloadHash) {
        boolean unsigned = payloadHash.equals(FixedPayload.UNSIGNED_HASH);
        return scheme.isS3() ? !unsigned : unsigned || scheme.hashHeader() || given.haveHash();
    }

    /** So that a link can be signed again. */
    private static CanonicalQuery withoutSignature(@Nullable String query, String tokenParameter) {
        return CanonicalQuery.of(query)
                .without("X-Amz-Algorithm")
                .without("X-Amz-Credential")
                .without("X-Amz-Date")
                .without("X-Amz-Expires")
                .without("X-Amz-SignedHeaders")
                .without(TOKEN)
                .without(tokenParameter)
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
