package io.mutil.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Credentials;
import io.mutil.awssig.Payload;
import io.mutil.awssig.PostPolicy;
import io.mutil.awssig.Request;
import io.mutil.awssig.SigV4;
import io.mutil.awssig.Signed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we sign passes S3Proxy, by headers, by link and by form. */
class S3ProxyTest extends S3ProxyFixture {
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
        URI uri = object(key);
        SigV4 stranger = SigV4.s3("us-east-1", Credentials.of(WHO.accessKey(), "another"));

        assertThat(get(uri).statusCode()).isIn(200, 400, 404);
        assertThat(send(stranger.sign("GET", uri).headers(), "GET", uri, BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(403);
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
        assertThat(signed.explain().differenceTo(answer.body()))
                .isEqualTo("Both sides signed the same text, so the secret differs: check that it belongs to the access"
                        + " key, and that nothing was cut off or added when it was copied.\n");
    }
}
