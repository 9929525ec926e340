package io.mutil.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Checksum;
import io.mutil.awssig.ChunkedPayload;
import io.mutil.awssig.Credentials;
import io.mutil.awssig.Payload;
import io.mutil.awssig.PostPolicy;
import io.mutil.awssig.Request;
import io.mutil.awssig.S3Endpoint;
import io.mutil.awssig.SigV4;
import io.mutil.awssig.Signed;
import io.mutil.awssig.Verifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we sign passes S3Proxy, a store that we did not write, and what is changed after does not. */
class S3ProxyTest {
    private static final Credentials WHO = Credentials.of("local-identity", "local-credential/+=");
    private static final String BUCKET = "bucket";
    private static final int CHUNK = 8 << 10;

    private static final S3Proxy PROXY = S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, WHO.accessKey(), "local-credential/+=")
            .build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final SigV4 S3 = SigV4.s3("us-east-1", WHO);
    private static final Verifier VERIFIER = Verifier.s3("us-east-1", key -> Optional.of(WHO));

    @BeforeAll
    static void start() throws Exception {
        PROXY.start();
        assertThat(put(endpoint().uri(BUCKET), new byte[0]).statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws Exception {
        PROXY.stop();
    }

    private static S3Endpoint endpoint() {
        return S3Endpoint.of(URI.create("http://127.0.0.1:" + PROXY.getPort()), "us-east-1")
                .pathStyle();
    }

    private static URI object(String key) {
        return endpoint().uri(BUCKET, key);
    }

    private static HttpResponse<String> send(Request request, String method, URI uri, BodyPublisher body)
            throws IOException, InterruptedException {
        return send(S3.sign(request).headers(), method, uri, body);
    }

    private static HttpResponse<String> send(Map<String, String> headers, String method, URI uri, BodyPublisher body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).method(method, body);
        headers.forEach(request::header);
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> put(URI uri, byte[] body) throws IOException, InterruptedException {
        return send(Request.of("PUT", uri).payload(Payload.of(body)), "PUT", uri, BodyPublishers.ofByteArray(body));
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return send(Request.of("GET", uri), "GET", uri, BodyPublishers.noBody());
    }

    @Test
    void asksForSignatures() throws Exception {
        put(object("any"), "x".getBytes(UTF_8));

        assertThat(send(Map.of(), "GET", object("any"), BodyPublishers.noBody()).statusCode())
                .isEqualTo(403);
        assertThat(send(Map.of(), "PUT", object("any"), BodyPublishers.ofString("x"))
                        .statusCode())
                .isEqualTo(403);
        URI uri = object("any");
        SigV4 stranger = SigV4.s3("us-east-1", Credentials.of(WHO.accessKey(), "another"));
        assertThat(send(stranger.sign("GET", uri).headers(), "GET", uri, BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.txt",
                "a b",
                "a+b",
                "a%2Fb",
                "50%",
                "~tilde",
                "na\u00efve/\u20ac/\ud83d\ude00",
                "a=b&c@d:e,f;g",
                "!*'()",
                "?query#fragment",
                "quo\"te<>|^`{}",
            })
    void takesAndGivesObjectsOfAnyName(String key) throws Exception {
        URI uri = object(key);

        assertThat(put(uri, key.getBytes(UTF_8)).statusCode()).isEqualTo(200);
        HttpResponse<String> answer = get(uri);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(key);
        URI list = URI.create(endpoint().uri(BUCKET) + "?list-type=2&encoding-type=url&max-keys=1000");
        assertThat(get(list).body()).contains("<Contents>");
    }

    /** Its stores keep objects in a file system, where these names are not kept apart; what counts is that the signature is right. */
    @ParameterizedTest
    @ValueSource(strings = {"a//b", "a/./b", "a/", "//"})
    void findsTheSignatureRightWhereSegmentsAreEmpty(String key) throws Exception {
        assertThat(get(object(key)).statusCode()).isNotEqualTo(403);
    }

    @Test
    void givesPartsOfAnObject() throws Exception {
        URI uri = object("range");
        put(uri, "0123456789".getBytes(UTF_8));

        HttpResponse<String> answer = getRange(uri, "bytes=2-4");

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("234");
    }

    private static HttpResponse<String> getRange(URI uri, String range) throws IOException, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>(
                S3.sign(Request.of("GET", uri).header("Range", range)).headers());
        headers.put("Range", range);
        return send(headers, "GET", uri, BodyPublishers.noBody());
    }

    @Test
    void takesAnUploadInParts() throws Exception {
        URI uri = object("parts");
        String begun = send(
                        Request.of("POST", URI.create(uri + "?uploads")),
                        "POST",
                        URI.create(uri + "?uploads"),
                        BodyPublishers.noBody())
                .body();
        String id = found(begun, "<UploadId>(.*?)</UploadId>");
        byte[] first = new byte[5 << 20];
        new Random(1).nextBytes(first);
        var parts = new StringBuilder("<CompleteMultipartUpload>");
        List<byte[]> bodies = List.of(first, "end".getBytes(UTF_8));
        for (int i = 1; i <= 2; i++) {
            HttpResponse<String> part =
                    put(URI.create(uri + "?partNumber=" + i + "&uploadId=" + id), bodies.get(i - 1));
            assertThat(part.statusCode()).isEqualTo(200);
            parts.append("<Part><PartNumber>" + i + "</PartNumber><ETag>"
                    + part.headers().firstValue("ETag").orElseThrow() + "</ETag></Part>");
        }
        String complete = parts.append("</CompleteMultipartUpload>").toString();

        URI end = URI.create(uri + "?uploadId=" + id);
        HttpResponse<String> completed = send(
                Request.of("POST", end).payload(Payload.of(complete)), "POST", end, BodyPublishers.ofString(complete));

        assertThat(completed.statusCode()).as(completed.body()).isEqualTo(200);
        assertThat(getRange(uri, "bytes=-3").body()).isEqualTo("end");
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    @Test
    void takesLinks() throws Exception {
        URI uri = object("link \u00e9");
        URI up = S3.presign("PUT", uri, Duration.ofMinutes(5));
        URI down = S3.presign("GET", uri, Duration.ofMinutes(5));

        assertThat(send(Map.of(), "PUT", up, BodyPublishers.ofString("by link")).statusCode())
                .isEqualTo(200);
        assertThat(send(Map.of(), "GET", down, BodyPublishers.noBody()).body()).isEqualTo("by link");
        assertThat(send(Map.of(), "PUT", down, BodyPublishers.ofString("x")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void refusesALinkThatEnded() throws Exception {
        SigV4 before = SigV4.builder(WHO)
                .service("s3")
                .region("us-east-1")
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10)))
                .build();

        URI ended = before.presign("GET", object("plain"), Duration.ofMinutes(5));

        assertThat(send(Map.of(), "GET", ended, BodyPublishers.noBody()).statusCode())
                .isEqualTo(403);
    }

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

    /** The lowest bit, so that what comes out can be sent. */
    private static String flipped(String text, int at) {
        return text.substring(0, at) + (char) (text.charAt(at) ^ 1) + text.substring(at + 1);
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
    void takesAFormThatAPolicyAllows() throws Exception {
        Map<String, String> form = PostPolicy.forBucket(BUCKET)
                .key("by form")
                .contentLength(1, 100)
                .sign("us-east-1", WHO);

        HttpResponse<String> answer = post(form, "from a browser");

        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
        assertThat(get(object("by form")).body()).isEqualTo("from a browser");
        Map<String, String> changed = new LinkedHashMap<>(form);
        changed.computeIfPresent("x-amz-signature", (name, signature) -> flipped(signature, 0));
        assertThat(post(changed, "x").statusCode()).isEqualTo(403);
    }

    private static HttpResponse<String> post(Map<String, String> form, String file)
            throws IOException, InterruptedException {
        String boundary = "b0undary";
        var body = new StringBuilder();
        form.forEach((name, value) -> body.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name
                + "\"\r\n\r\n" + value + "\r\n"));
        body.append("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
                + "Content-Type: text/plain\r\n\r\n" + file + "\r\n--" + boundary + "--\r\n");
        return send(
                Map.of("Content-Type", "multipart/form-data; boundary=" + boundary),
                "POST",
                endpoint().uri(BUCKET),
                BodyPublishers.ofString(body.toString()));
    }

    @Test
    void explainsARefusalByTheServersAnswer() throws Exception {
        URI uri = object("explained");
        SigV4 stranger = SigV4.s3("us-east-1", Credentials.of(WHO.accessKey(), "another"));
        Signed signed = stranger.sign("GET", uri);

        HttpResponse<String> answer = send(signed.headers(), "GET", uri, BodyPublishers.noBody());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("SignatureDoesNotMatch");
        assertThat(signed.explain().differenceTo(answer.body())).isNotEmpty();
    }
}
