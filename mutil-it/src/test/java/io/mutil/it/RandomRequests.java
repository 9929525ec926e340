package io.mutil.it;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Requests as odd as URIs and HTTP let them be; the same seed gives the same ones. */
final class RandomRequests {
    private static final List<String> METHODS = List.of("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS");
    private static final List<String> HOSTS =
            List.of("bucket.s3.eu-central-1.amazonaws.com", "example.com:8443", "127.0.0.1:9000", "Example.COM");
    private static final List<String> PIECES = List.of(
            "a",
            "Zz9",
            "-._~",
            "%20",
            "%2F",
            "%2f",
            "%25",
            "%7E",
            "%C3%A9",
            "%E2%82%AC",
            "%F0%9F%98%80",
            "%00",
            "%0A",
            "!",
            "$",
            "&",
            "'",
            "(",
            ")",
            "*",
            "+",
            ",",
            ";",
            "=",
            ":",
            "@",
            "aws4_request");
    private static final List<String> NAMES = List.of(
            "a",
            "A",
            "b",
            "list-type",
            "prefix",
            "x-id",
            "X-Custom",
            "%C3%A9",
            "a%20b",
            "a+b",
            "-",
            "~",
            "%3D",
            "a.b",
            "!",
            "marker%2F",
            "uploadId",
            "partNumber");
    private static final List<String> VALUES = List.of(
            "",
            "1",
            "%20",
            "+",
            "a+b",
            "%2B",
            "%3D",
            "=",
            "a=b",
            "/",
            "%2F",
            "%2f",
            ":",
            "@",
            "%e2%82%ac",
            "%E2%82%AC",
            ";",
            "!",
            "*",
            "~",
            "%7E",
            "%25",
            "text/plain",
            "%0D%0A",
            "'",
            "(",
            "?");
    private static final List<Map.Entry<String, String>> HEADERS = List.of(
            Map.entry("Content-Type", "text/plain"),
            Map.entry("Content-Type", "application/x-amz-json-1.1; charset=UTF-8"),
            Map.entry("Range", "bytes=0-9"),
            Map.entry("X-Amz-Acl", "public-read"),
            Map.entry("x-amz-meta-note", "  two  spaces\tand a tab "),
            Map.entry("X-Amz-Meta-Empty", ""),
            Map.entry("X-Amz-Meta-Quoted", "\"a  b\""),
            Map.entry("x-amz-meta-list", "1, 2,3"),
            Map.entry("X-Amz-Target", "DynamoDB_20120810.ListTables"),
            Map.entry("Cache-Control", "no-cache,  no-store"),
            Map.entry("If-Match", "\"etag\""),
            Map.entry("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
            Map.entry("X-Unicode", "na\u00efve \u20ac"),
            // signed by neither
            Map.entry("User-Agent", "test"),
            Map.entry("Expect", "100-continue"),
            Map.entry("Connection", "keep-alive"),
            Map.entry("X-Amzn-Trace-Id", "Root=1"));

    private final Random random;

    RandomRequests(Random random) {
        this.random = random;
    }

    <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    String method() {
        return oneOf(METHODS);
    }

    byte[] body() {
        byte[] body = new byte[random.nextInt(200)];
        random.nextBytes(body);
        return body;
    }

    /** @param dots whether there may be empty and dot segments */
    URI uri(boolean dots) {
        var text = new StringBuilder("https://").append(oneOf(HOSTS));
        int segments = random.nextInt(5);
        for (int i = 0; i < segments; i++) {
            text.append('/');
            if (dots && oneIn(4)) {
                text.append(oneOf(List.of("", ".", "..", "...", ".a")));
            } else {
                append(text, PIECES, 1 + random.nextInt(3));
            }
        }
        if (segments > 0 && oneIn(4)) {
            text.append('/');
        }
        if (!oneIn(3)) {
            text.append(segments == 0 ? "/?" : "?");
            query(text);
        }
        return URI.create(text.toString());
    }

    private void append(StringBuilder text, List<String> pieces, int count) {
        for (int i = 0; i < count; i++) {
            text.append(oneOf(pieces));
        }
    }

    private void query(StringBuilder text) {
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : "&").append(oneOf(NAMES));
            if (!oneIn(5)) {
                text.append('=');
                append(text, VALUES, 1 + random.nextInt(2));
            }
        }
    }

    /** Of one name there may be several, in one way of writing it. */
    List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            Map.Entry<String, String> header = oneOf(HEADERS);
            boolean otherwise = headers.stream()
                    .anyMatch(other -> other.getKey().equalsIgnoreCase(header.getKey()) && !other.equals(header));
            if (!otherwise || header.getKey().startsWith("x-amz-meta")) {
                headers.add(header);
            }
        }
        return headers;
    }
}
