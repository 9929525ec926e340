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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(HttpRequests.sign(s3, again(first)).headers()).isEqualTo(first.headers());
    }

    @Test
    void builderStaysAsItIs() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(OBJECT);

        HttpRequests.sign(s3, builder);
        HttpRequests.put(s3, builder, Payload.chunked(1), () -> new ByteArrayInputStream(new byte[1]));

        assertThat(builder.build().headers().map()).isEmpty();
        assertThat(builder.build().method()).isEqualTo("GET");
    }

    @Test
    void bodyInChunksCanBeSignedAgain() {
        ChunkedPayload payload = Payload.chunked(1).trailer(Checksum.CRC32C);
        HttpRequest.Builder builder = HttpRequest.newBuilder(OBJECT).header("Content-Encoding", "gzip");
        HttpRequest first = HttpRequests.put(s3, builder, payload, () -> new ByteArrayInputStream(new byte[1]));

        HttpRequest second = HttpRequests.put(s3, again(first), payload, () -> new ByteArrayInputStream(new byte[1]));

        assertThat(first.headers().allValues("content-encoding")).containsExactly("aws-chunked,gzip");
        assertThat(second.headers()).isEqualTo(first.headers());
    }

    private static HttpRequest.Builder again(HttpRequest signed) {
        return HttpRequest.newBuilder(signed, (name, value) -> true);
    }

    @Test
    void nothingOfChunksStaysWhenAnotherPayloadFollows() {
        ChunkedPayload payload = Payload.chunked(1).unsigned(Checksum.CRC32C);
        HttpRequest.Builder builder = HttpRequest.newBuilder(OBJECT).header("Content-Encoding", "gzip");
        HttpRequest chunked = HttpRequests.put(s3, builder, payload, () -> new ByteArrayInputStream(new byte[1]));

        HttpRequest fixed =
                HttpRequests.sign(s3, again(chunked).PUT(BodyPublishers.ofString("body")), Payload.of("body"));

        assertThat(fixed.headers())
                .isEqualTo(HttpRequests.sign(s3, builder.PUT(BodyPublishers.ofString("body")), Payload.of("body"))
                        .headers());
        assertThat(fixed.headers().map())
                .containsOnlyKeys("Authorization", "content-encoding", "x-amz-content-sha256", "x-amz-date");
        assertThat(fixed.headers().allValues("content-encoding")).containsExactly("gzip");
    }

    @Test
    void tokenGoesWithItsSession() {
        SigV4 session = SigV4.s3("eu-central-1", Credentials.of("AKID", "secret", "token"));
        HttpRequest first = HttpRequests.sign(session, HttpRequest.newBuilder(OBJECT));

        HttpRequest second = HttpRequests.sign(s3, again(first));

        assertThat(first.headers().map()).containsKey("x-amz-security-token");
        assertThat(second.headers())
                .isEqualTo(HttpRequests.sign(s3, HttpRequest.newBuilder(OBJECT)).headers());
    }

    @Test
    void tokenOfTheNextSessionReplacesTheLast() {
        List<Credentials> sessions = new ArrayList<>(
                List.of(Credentials.of("AKID", "secret", "one"), Credentials.of("AKID", "secret", "two")));
        SigV4 signer = SigV4.s3("eu-central-1", () -> sessions.remove(0));
        HttpRequest first = HttpRequests.sign(signer, HttpRequest.newBuilder(OBJECT));

        HttpRequest second = HttpRequests.sign(signer, again(first));

        assertThat(first.headers().allValues("x-amz-security-token")).containsExactly("one");
        assertThat(second.headers().allValues("x-amz-security-token")).containsExactly("two");
    }

    @Test
    void payloadInChunksIsLeftToPut() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(OBJECT).PUT(BodyPublishers.ofString("body"));

        assertThatThrownBy(() -> HttpRequests.sign(s3, builder, Payload.chunked(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("put(signer, request, payload, source)");
    }

    @Test
    void headerThatTheClientWouldSendOtherwiseIsRefusedWithoutItsValue() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(OBJECT).header("x-amz-meta-name", "J\u00fcrgen");

        assertThatThrownBy(() -> HttpRequests.sign(s3, builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("header x-amz-meta-name must be ASCII")
                .message()
                .doesNotContain("rgen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/J\u00fcrgen", "/a?name=J\u00fcrgen"})
    void addressThatTheClientWouldSendOtherwiseIsRefused(String target) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("https://example.com" + target));

        assertThatThrownBy(() -> HttpRequests.sign(s3, builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be ASCII")
                .hasMessageContaining("encode them");
    }

    @Test
    void addressWithAFragmentIsRefused() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("https://example.com/a#b"));

        assertThatThrownBy(() -> HttpRequests.sign(s3, builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write %23");
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com:443/a?b=%2B, https://example.com/a?b=%2B",
        "http://example.com:80/a, http://example.com/a",
        "http://example.com:/a, http://example.com/a",
        "http://example.com:443, http://example.com:443",
        "https://me@example.com:8443/a%2Fb, https://example.com:8443/a%2Fb",
        "https://me:secret@[::1]:443/?, https://[::1]/?",
    })
    void addressIsSentAsItIsSigned(URI given, URI sent) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(given);

        assertThat(HttpRequests.sign(s3, builder).uri()).isEqualTo(sent);
        assertThat(HttpRequests.put(s3, builder, Payload.chunked(1), () -> new ByteArrayInputStream(new byte[1]))
                        .uri())
                .isEqualTo(sent);
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
