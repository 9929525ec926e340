package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class HttpRequestsTest {
    private static final URI OBJECT = URI.create("https://bucket.s3.eu-central-1.amazonaws.com/a.txt");

    private final SigV4 s3 = SigV4.builder(Credentials.of("AKID", "secret"))
            .service("s3")
            .region("eu-central-1")
            .clock(new SettableClock("2024-02-29T23:59:59Z"))
            .build();

    @Test
    void requestGetsTheHeadersOfItsSignature() {
        HttpRequest request = HttpRequests.sign(
                s3, HttpRequest.newBuilder(OBJECT).header("Accept", "a").header("Accept", "b"));

        Signed expected = s3.sign(Request.of("GET", OBJECT).header("accept", "a,b"));
        expected.headers()
                .forEach((name, value) ->
                        assertThat(request.headers().allValues(name)).containsExactly(value));
        assertThat(request.headers().map()).doesNotContainKey("host");
    }

    @Test
    void requestCanBeSignedAgain() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(OBJECT);
        HttpRequest first = HttpRequests.sign(s3, builder);

        HttpRequest second = HttpRequests.sign(s3, builder);

        assertThat(second.headers()).isEqualTo(first.headers());
    }

    @Test
    void methodAndPayloadAreSigned() {
        HttpRequest request = HttpRequests.sign(
                s3, HttpRequest.newBuilder(OBJECT).PUT(BodyPublishers.ofString("body")), Payload.of("body"));

        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.headers().firstValue("x-amz-content-sha256"))
                .contains(Payload.of("body").hash());
    }

    @Test
    void bodyWithoutItsPayloadIsRefused() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(OBJECT).PUT(BodyPublishers.ofString("body"));

        assertThatThrownBy(() -> HttpRequests.sign(s3, builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give its Payload too");
    }

    @Test
    void emptyBodyNeedsNoPayload() {
        HttpRequest request =
                HttpRequests.sign(s3, HttpRequest.newBuilder(OBJECT).POST(BodyPublishers.noBody()));

        assertThat(request.headers().firstValue("x-amz-content-sha256")).contains(Sha256.OF_NOTHING);
    }

    @Test
    void bodyInChunksIsEncodedAsItIsSent() {
        byte[] data = "some bytes".getBytes(UTF_8);
        ChunkedPayload payload = Payload.chunked(data.length).unsigned(Checksum.CRC32);

        HttpRequest request =
                HttpRequests.put(s3, HttpRequest.newBuilder(OBJECT), payload, () -> new ByteArrayInputStream(data));

        BodyPublisher body = request.bodyPublisher().orElseThrow();
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.headers().firstValue("content-encoding")).contains("aws-chunked");
        assertThat(body.contentLength()).isEqualTo(payload.encodedLength());
        assertThat(sent(body)).startsWith("a\r\nsome bytes\r\n0\r\nx-amz-checksum-crc32:");
        assertThat(sent(body)).hasSize((int) body.contentLength()); // once more, as for a redirect
    }

    private static String sent(BodyPublisher body) {
        var collector = new Collector();
        body.subscribe(collector);
        return collector.text.join();
    }

    private static final class Collector implements Flow.Subscriber<ByteBuffer> {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final CompletableFuture<String> text = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                out.write(bytes.get());
            }
        }

        @Override
        public void onError(Throwable failure) {
            text.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            text.complete(out.toString(UTF_8));
        }
    }
}
