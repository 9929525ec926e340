package io.mutil.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Checksum;
import io.mutil.awssig.ChunkedPayload;
import io.mutil.awssig.HttpRequests;
import io.mutil.awssig.Payload;
import io.mutil.awssig.Request;
import io.mutil.awssig.Signed;
import io.mutil.awssig.Verifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that we sign pass S3Proxy, and what is changed after does not. */
class S3ProxyBodiesTest extends S3ProxyFixture {
    private static final int CHUNK = 8 << 10;
    private static final Verifier VERIFIER = Verifier.s3("us-east-1", key -> Optional.of(WHO));

    static Stream<ChunkedPayload> chunked() {
        ChunkedPayload plain = Payload.chunked(3 * CHUNK + 100).chunkSize(CHUNK);
        return Stream.of(
                plain,
                plain.trailer(Checksum.CRC32),
                plain.trailer(Checksum.CRC32C),
                plain.trailer(Checksum.SHA1),
                plain.trailer(Checksum.SHA256),
                plain.unsigned(Checksum.CRC32),
                plain.unsigned(Checksum.SHA256));
    }

    private static byte[] chunkedBody() {
        byte[] body = new byte[3 * CHUNK + 100];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ('a' + i % 26);
        }
        return body;
    }

    private static byte[] encoded(Signed signed) throws IOException {
        try (InputStream body = signed.body(new ByteArrayInputStream(chunkedBody()))) {
            return body.readAllBytes();
        }
    }

    @ParameterizedTest
    @MethodSource("chunked")
    void takesBodiesInChunks(ChunkedPayload payload) throws Exception {
        URI uri = object("chunked " + payload);
        Signed signed = S3.sign(Request.of("PUT", uri).payload(payload));

        HttpResponse<String> answer = send(
                signed.headers(),
                "PUT",
                uri,
                BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> signed.body(new ByteArrayInputStream(chunkedBody()))),
                        payload.encodedLength()));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(get(uri).body()).isEqualTo(new String(chunkedBody(), UTF_8));
    }

    /** It does not compare the checksum of chunks without signatures; our verifier does. */
    static Stream<ChunkedPayload> signedChunks() {
        return chunked().limit(5);
    }

    @ParameterizedTest
    @MethodSource("signedChunks")
    void refusesChunksOfWhichABitWasChanged(ChunkedPayload payload) throws Exception {
        URI uri = object("changed");
        for (int at : new int[] {200, CHUNK + 300, 3 * CHUNK + 400}) {
            Signed signed = S3.sign(Request.of("PUT", uri).payload(payload));
            byte[] raw = encoded(signed);
            raw[at] ^= 1;

            HttpResponse<String> answer = send(signed.headers(), "PUT", uri, BodyPublishers.ofByteArray(raw));

            assertThat(answer.statusCode()).as("byte %d", at).isBetween(400, 499);
            assertThat(get(uri).statusCode()).as("byte %d", at).isEqualTo(404);
        }
    }

    /** A request as it is sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sent(String name, Map<String, String> headers, URI uri, byte[] body) {
        Sent withHeader(String header, int at) {
            Map<String, String> changed = new LinkedHashMap<>(headers);
            changed.put(header, flipped(headers.getOrDefault(header, ""), at));
            return new Sent(header + " at " + at, changed, uri, body);
        }

        Sent withUri(int at) {
            return new Sent("uri at " + at, headers, URI.create(flipped(uri.toString(), at)), body);
        }

        Sent withBody(int at) {
            byte[] changed = body.clone();
            changed[at] ^= 1;
            return new Sent("body at " + at, headers, uri, changed);
        }

        HttpRequest request() {
            var request = HttpRequest.newBuilder(uri).PUT(BodyPublishers.ofByteArray(body));
            headers.forEach(request::header);
            return request.build();
        }

        boolean isAcceptedByUs() {
            Map<String, List<String>> all = new LinkedHashMap<>();
            all.put("Host", List.of(uri.getAuthority()));
            headers.forEach((header, value) -> all.put(header, List.of(value)));
            return VERIFIER.verify("PUT", uri.getRawPath() + "?" + uri.getRawQuery(), all, body)
                    .isAccepted();
        }
    }

    private static List<Sent> changed(Sent sent) {
        List<Sent> changed = new ArrayList<>();
        sent.headers()
                .forEach((name, value) ->
                        IntStream.range(0, value.length()).forEach(at -> changed.add(sent.withHeader(name, at))));
        String uri = sent.uri().toString();
        IntStream.range(0, 3).forEach(at -> changed.add(sent.withUri(uri.indexOf("bcd") + at)));
        changed.add(sent.withUri(uri.indexOf("x=")));
        changed.add(sent.withUri(uri.indexOf("x=") + 2));
        IntStream.range(0, sent.body().length).forEach(at -> changed.add(sent.withBody(at)));
        return changed;
    }

    /** The store does not read the last word of the scope, nor what stands between the parts. */
    private static List<String> notLookedAt(String authorization) {
        int word = authorization.indexOf("aws4_request");
        int separator = authorization.indexOf(", Signature=");
        return IntStream.concat(
                        IntStream.range(word, authorization.indexOf("SignedHeaders=")),
                        IntStream.range(separator, separator + 2))
                .mapToObj(at -> "Authorization at " + at)
                .toList();
    }

    @Test
    void refusesRequestsOfWhichABitWasChangedAsOurVerifierDoes() {
        URI uri = URI.create(object("bcd") + "?x=2");
        byte[] body = "body".getBytes(UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amz-meta-a", "value");
        headers.putAll(S3.sign("PUT", uri, headers, Payload.of(body)).headers());
        var sent = new Sent("", headers, uri, body);
        assertThat(sent.isAcceptedByUs()).isTrue();

        List<Sent> all = changed(sent);
        Map<String, CompletableFuture<Integer>> answers = new LinkedHashMap<>();
        all.forEach(one -> answers.put(
                one.name(),
                CLIENT.sendAsync(one.request(), BodyHandlers.discarding()).thenApply(HttpResponse::statusCode)));

        assertThat(all).hasSizeGreaterThan(250);
        assertThat(all.stream().filter(Sent::isAcceptedByUs).map(Sent::name)).isEmpty();
        List<String> taken = answers.entrySet().stream()
                .filter(answer -> answer.getValue().join() < 400)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(notLookedAt(headers.getOrDefault("Authorization", ""))).containsAll(taken);
        assertThat(CLIENT.sendAsync(sent.request(), BodyHandlers.discarding())
                        .join()
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void takesARequestOfTheJdkWithABodyInChunks() throws Exception {
        ChunkedPayload payload =
                Payload.chunked(chunkedBody().length).chunkSize(CHUNK).trailer(Checksum.CRC32C);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(object("put of the JDK")).header("x-amz-meta-note", "two  words");

        HttpResponse<String> put = CLIENT.send(
                HttpRequests.put(S3, request, payload, () -> new ByteArrayInputStream(chunkedBody())),
                BodyHandlers.ofString());
        HttpResponse<String> got = CLIENT.send(HttpRequests.sign(S3, request.GET()), BodyHandlers.ofString());

        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        assertThat(got.body()).isEqualTo(new String(chunkedBody(), UTF_8));
        assertThat(got.headers().firstValue("x-amz-meta-note")).contains("two  words");
    }
}
