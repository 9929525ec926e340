package io.mutil.awssig;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.function.Supplier;

/**
 * Signs requests of {@code java.net.http}, which the module of the caller has to require.
 *
 * <pre>{@code
 * HttpRequest get = HttpRequests.sign(s3, HttpRequest.newBuilder(uri));
 * HttpRequest put = HttpRequests.sign(s3, HttpRequest.newBuilder(uri).PUT(BodyPublishers.ofFile(file)), Payload.of(file));
 * }</pre>
 */
public final class HttpRequests {
    private HttpRequests() {}

    /**
     * Signs a request without a body.
     *
     * @throws IllegalArgumentException if it has one
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
     * Signs a request. The builder gets the headers, those of an earlier signature are replaced.
     *
     * @param payload what the signature says about the body, which the builder has
     */
    public static HttpRequest sign(SigV4 signer, HttpRequest.Builder request, Payload payload) {
        Request toSign = request(request.build()).payload(payload);
        signer.sign(toSign).headers().forEach(request::setHeader);
        return request.build();
    }

    /**
     * Signs a PUT of a body in chunks.
     *
     * @param source opens the body, again if the client sends it again
     */
    public static HttpRequest put(
            SigV4 signer, HttpRequest.Builder request, ChunkedPayload payload, Supplier<? extends InputStream> source) {
        request.PUT(BodyPublishers.noBody());
        Signed signed = signer.sign(request(request.build()).payload(payload));
        signed.headers().forEach(request::setHeader);
        BodyPublisher body = BodyPublishers.ofInputStream(() -> signed.body(source.get()));
        return request.PUT(BodyPublishers.fromPublisher(body, payload.encodedLength()))
                .build();
    }

    private static Request request(HttpRequest built) {
        Request request = Request.of(built.method(), built.uri());
        for (var header : built.headers().map().entrySet()) {
            for (String value : header.getValue()) {
                request = request.header(header.getKey(), value);
            }
        }
        return request;
    }
}
