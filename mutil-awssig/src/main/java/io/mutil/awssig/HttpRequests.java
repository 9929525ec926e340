package io.mutil.awssig;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Signs requests of {@code java.net.http}, which the module of the caller has to require.
 *
 * <pre>{@code
 * HttpRequest get = HttpRequests.sign(s3, HttpRequest.newBuilder(uri));
 * HttpRequest put = HttpRequests.sign(s3, HttpRequest.newBuilder(uri).PUT(BodyPublishers.ofFile(file)), Payload.of(file));
 * }</pre>
 *
 * <p>The address is sent without a user and without the port that is its scheme's own: over HTTP/2 the client would send
 * both, and the signature has neither.
 *
 * <p>A builder stays as it is, so that each attempt can be signed anew. What an earlier signature added to a request is
 * replaced or left out: its headers, the token of its session, and the encoding in chunks. Address and headers have to be
 * ASCII, since the client sends a question mark for any other character.
 */
public final class HttpRequests {
    private HttpRequests() {}

    /**
     * Signs a request without a body.
     *
     * @throws IllegalArgumentException if it has one, if something is not ASCII, or if the address has a fragment
     */
    public static HttpRequest sign(SigV4 signer, HttpRequest.Builder request) {
        boolean hasBody = request.build().bodyPublisher().stream().anyMatch(body -> body.contentLength() != 0);
        if (hasBody) {
            throw new IllegalArgumentException(
                    "the request has a body that cannot be hashed here; give its Payload too");
        }
        return sign(signer, request, Payload.empty());
    }

    /**
     * Signs a request.
     *
     * @param payload what the signature says about the body, which the builder has
     * @throws IllegalArgumentException if the payload is in chunks, see {@link #put}, if something is not ASCII, or if the address
     *     has a fragment
     */
    public static HttpRequest sign(SigV4 signer, HttpRequest.Builder request, Payload payload) {
        if (payload instanceof ChunkedPayload) {
            throw new IllegalArgumentException(
                    "a body in chunks has to be encoded; let put(signer, request, payload, source) do so");
        }
        HttpRequest.Builder copy = withoutSignature(request.build());
        signer.sign(request(copy.build()).payload(payload)).headers().forEach(copy::setHeader);
        return copy.build();
    }

    /**
     * Signs a PUT of a body in chunks.
     *
     * @param source opens the body, again if the client sends it again
     * @throws IllegalArgumentException if something is not ASCII, or if the address has a fragment
     */
    public static HttpRequest put(
            SigV4 signer, HttpRequest.Builder request, ChunkedPayload payload, Supplier<? extends InputStream> source) {
        HttpRequest.Builder copy = withoutSignature(request.build()).PUT(BodyPublishers.noBody());
        Signed signed = signer.sign(request(copy.build()).payload(payload));
        signed.headers().forEach(copy::setHeader);
        BodyPublisher body = BodyPublishers.ofInputStream(() -> signed.body(source.get()));
        return copy.PUT(BodyPublishers.fromPublisher(body, payload.encodedLength()))
                .build();
    }

    private static HttpRequest.Builder withoutSignature(HttpRequest built) {
        HttpRequest.Builder copy = HttpRequest.newBuilder(built, (name, value) -> !isOfSignature(name))
                .uri(signedUri(built));
        List<String> encodings = built.headers().allValues(HeaderForm.CONTENT_ENCODING);
        String others = encodings.stream()
                .map(ChunkedPayload::otherEncodings)
                .filter(names -> !names.isEmpty())
                .collect(Collectors.joining(","));
        return others.isEmpty() ? copy : copy.header(HeaderForm.CONTENT_ENCODING, others);
    }

    private static URI signedUri(HttpRequest built) {
        checkAscii(built.uri());
        Request request = Request.of(built.method(), built.uri());
        String query = request.query() == null ? "" : "?" + request.query();
        return URI.create(request.scheme() + "://" + request.host() + request.path() + query);
    }

    /** Whether a header may be of an earlier signature, and not of the next one. */
    private static boolean isOfSignature(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case HeaderForm.TOKEN,
                    HeaderForm.S3_SESSION_TOKEN,
                    HeaderForm.CONTENT_ENCODING,
                    ChunkedPayload.DECODED_LENGTH,
                    ChunkedPayload.TRAILER -> true;
            default -> false;
        };
    }

    private static Request request(HttpRequest built) {
        Request request = Request.of(built.method(), built.uri());
        for (var header : built.headers().map().entrySet()) {
            for (String value : header.getValue()) {
                checkAscii(header.getKey(), value);
                request = request.header(header.getKey(), value);
            }
        }
        return request;
    }

    private static void checkAscii(URI uri) {
        if (!isAscii(uri.toString())) {
            throw new IllegalArgumentException(
                    "path and query must be ASCII to be sent as they are signed, the path was " + uri.getRawPath()
                            + "; encode them, as S3Endpoint.uri does");
        }
    }

    private static void checkAscii(String header, String value) {
        if (!isAscii(value)) {
            throw new IllegalArgumentException("header " + header + " must be ASCII to be sent as it is signed;"
                    + " encode its value, say in percent-encoding");
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
