package io.mutil.awssig;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that is signed by its query: a link. */
record QueryForm(URI uri, Draft draft) {
    static final String ALGORITHM = "X-Amz-Algorithm";
    static final String CREDENTIAL = "X-Amz-Credential";
    static final String DATE = "X-Amz-Date";
    static final String EXPIRES = "X-Amz-Expires";
    static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";
    static final String SIGNATURE = "X-Amz-Signature";
    /** What every link has. */
    static final List<String> OF_SIGNATURE = List.of(ALGORITHM, CREDENTIAL, DATE, EXPIRES, SIGNED_HEADERS, SIGNATURE);

    static final String TOKEN = "X-Amz-Security-Token";
    static final String S3_SESSION_TOKEN = "X-Amz-S3session-Token";
    static final String CONTENT_SHA256 = "X-Amz-Content-Sha256";
    private static final Duration LONGEST = Duration.ofDays(7);

    static QueryForm sign(Scheme scheme, Request request, Credentials who, DayKey key, Stamp time, Duration expiry) {
        @Nullable String token = who.sessionToken();
        CanonicalQuery query = CanonicalQuery.of(request.query());
        GivenHeaders given = given(request, query.value(CONTENT_SHA256), token == null ? null : scheme.tokenHeader());
        String payloadHash = payload(scheme, request.payload(), given).hash();
        HeaderList headers = given.withHost(request.host());
        removeSignature(query);
        query.add(ALGORITHM, CanonicalRequest.ALGORITHM)
                .add(CREDENTIAL, key.credential())
                .add(DATE, time.time())
                .add(EXPIRES, Long.toString(seconds(expiry)))
                .add(SIGNED_HEADERS, headers.sort().names());
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

    /** @param hash which an earlier signature put into the query: the body that it fixed stays fixed */
    private static GivenHeaders given(Request request, @Nullable String hash, @Nullable String tokenHeader) {
        var given = new GivenHeaders();
        request.forEachHeader((header, value) -> {
            String name = header.toLowerCase(Locale.ROOT);
            if (!name.equals(HeaderForm.DATE) && !name.equals(tokenHeader)) {
                given.take(name, value);
            }
        });
        if (hash != null && !given.haveHash()) {
            given.take(HeaderForm.CONTENT_SHA256, hash);
        }
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
    private static void removeSignature(CanonicalQuery query) {
        OF_SIGNATURE.forEach(query::without);
        query.without(TOKEN).without(S3_SESSION_TOKEN).without(CONTENT_SHA256);
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
