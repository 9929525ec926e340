package io.mutil.awssig;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is signed by headers. Of one request, in one thread. */
final class HeaderForm {
    static final String AUTHORIZATION = "Authorization";
    static final String DATE = "x-amz-date";
    static final String CONTENT_SHA256 = "x-amz-content-sha256";
    static final String TOKEN = "x-amz-security-token";
    static final String S3_SESSION_TOKEN = "x-amz-s3session-token";
    static final String CONTENT_ENCODING = "content-encoding";

    private final Scheme scheme;
    private final Request request;
    private final @Nullable String token;
    private final @Nullable ChunkedPayload chunked;
    private final GivenHeaders given = new GivenHeaders();
    private final Map<String, String> added;
    private String encoding = ChunkedPayload.ENCODING;

    private HeaderForm(Scheme scheme, Request request, Credentials who, Map<String, String> added) {
        this.added = added;
        this.scheme = scheme;
        this.request = request;
        token = who.sessionToken();
        chunked = request.payload() instanceof ChunkedPayload payload ? payload : null;
    }

    /** Signs; the headers to add are put into a map. */
    static Draft sign(
            Scheme scheme, Request request, Credentials who, DayKey key, Stamp time, Map<String, String> headers) {
        var form = new HeaderForm(scheme, request, who, headers);
        headers.put(AUTHORIZATION, ""); // the first in order, though known last
        Draft draft = scheme.compatible() ? form.compatible(key, time) : form.draft(key, time);
        headers.put(AUTHORIZATION, draft.authorization());
        return draft;
    }

    private Draft draft(DayKey key, Stamp time) {
        request.forEachHeader(this::take);
        Payload payload = given.payload(request.payload(), Payload.empty());
        HeaderList signed = given.withHost(request.host());
        add(signed, DATE, time.time());
        if (scheme.hashHeader() || given.haveHash() || !payload.isHashed()) {
            add(signed, CONTENT_SHA256, payload.hash());
        }
        if (token != null) {
            addToken(signed, token);
        }
        if (chunked != null) {
            addChunked(signed, chunked);
        }
        CanonicalRequest canonical = CanonicalRequest.of(
                request.method(),
                scheme.path().canonical(request.path()),
                CanonicalQuery.of(request.query()),
                signed,
                payload.hash());
        return Draft.of(canonical, time, key);
    }

    private void take(String header, String value) {
        String name = header.toLowerCase(Locale.ROOT);
        if (name.equals(CONTENT_ENCODING) && chunked != null) {
            String others = ChunkedPayload.otherEncodings(value);
            encoding = others.isEmpty() ? encoding : encoding + "," + others;
        } else if (!isAdded(name)) {
            given.take(name, value);
        }
    }

    /** Whether a header of the caller makes way for the signer's. */
    private boolean isAdded(String name) {
        return switch (name) {
            case DATE -> true;
            case TOKEN, S3_SESSION_TOKEN -> token != null && name.equals(scheme.tokenHeader());
            case ChunkedPayload.DECODED_LENGTH -> chunked != null;
            case ChunkedPayload.TRAILER -> chunked != null && chunked.checksum() != null;
            default -> false;
        };
    }

    private void add(HeaderList signed, String name, String value) {
        signed.add(name, value);
        added.put(name, value);
    }

    private void addToken(HeaderList signed, String token) {
        if (scheme.signToken()) {
            signed.add(scheme.tokenHeader(), token);
        }
        added.put(scheme.tokenHeader(), token);
    }

    private void addChunked(HeaderList signed, ChunkedPayload payload) {
        add(signed, CONTENT_ENCODING, encoding);
        add(signed, ChunkedPayload.DECODED_LENGTH, Long.toString(payload.length()));
        Checksum checksum = payload.checksum();
        if (checksum != null) {
            add(signed, ChunkedPayload.TRAILER, checksum.header());
        }
    }

    private Draft compatible(DayKey key, Stamp time) {
        HeaderList signed = given.withHost(request.host());
        add(signed, DATE, time.time());
        if (token != null) {
            added.put(TOKEN, token);
        }
        CanonicalRequest canonical = CanonicalRequest.of(
                request.method(),
                CompatiblePath.canonical(request.compatiblePath()),
                CanonicalQuery.of(null),
                signed,
                Sha256.OF_NOTHING);
        return Draft.of(canonical, time, key);
    }
}
