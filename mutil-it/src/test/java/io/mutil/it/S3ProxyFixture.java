package io.mutil.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Credentials;
import io.mutil.awssig.Payload;
import io.mutil.awssig.Request;
import io.mutil.awssig.S3Endpoint;
import io.mutil.awssig.SigV4;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** S3Proxy, a store that we did not write, with its authentication switched on. */
abstract class S3ProxyFixture {
    static final String SECRET = "local-credential/+=";
    static final Credentials WHO = Credentials.of("local-identity", SECRET);
    static final String BUCKET = "bucket";
    static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final SigV4 S3 = SigV4.s3("us-east-1", WHO);

    @SuppressWarnings("NullAway.Init") // before all tests of a class
    private static S3Proxy proxy;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, WHO.accessKey(), SECRET)
                .build();
        proxy.start();
        assertThat(put(endpoint().uri(BUCKET), new byte[0]).statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.stop();
    }

    static S3Endpoint endpoint() {
        return S3Endpoint.of(URI.create("http://127.0.0.1:" + proxy.getPort()), "us-east-1")
                .pathStyle();
    }

    static URI object(String key) {
        return endpoint().uri(BUCKET, key);
    }

    static HttpResponse<String> send(Request request, String method, URI uri, BodyPublisher body)
            throws IOException, InterruptedException {
        return send(S3.sign(request).headers(), method, uri, body);
    }

    static HttpResponse<String> send(Map<String, String> headers, String method, URI uri, BodyPublisher body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).method(method, body);
        headers.forEach(request::header);
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    static HttpResponse<String> put(URI uri, byte[] body) throws IOException, InterruptedException {
        return send(Request.of("PUT", uri).payload(Payload.of(body)), "PUT", uri, BodyPublishers.ofByteArray(body));
    }

    static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return send(Request.of("GET", uri), "GET", uri, BodyPublishers.noBody());
    }

    /** The lowest bit, so that what comes out can be sent. */
    static String flipped(String text, int at) {
        return text.substring(0, at) + (char) (text.charAt(at) ^ 1) + text.substring(at + 1);
    }
}
