package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is signed is accepted, and the body comes out as it went in. */
class RoundTripTest {
    private static final S3Endpoint STORE =
            S3Endpoint.of(URI.create("https://store.example.com:8443"), "auto").pathStyle();
    private static final int LONGEST = 604_800;

    private final SettableClock clock = new SettableClock("2030-01-01T00:00:00Z");

    /** Of which keys and headers are made: what is odd for one of them is there often. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> odd = Arbitraries.of(
                " ",
                "/",
                "//",
                ".",
                "..",
                "%",
                "%2F",
                "+",
                "~",
                "?",
                "#",
                "&",
                "=",
                "\u00e9",
                "\u20ac",
                "\ud83d\ude00",
                "\"");
        Arbitrary<String> any = Arbitraries.strings().alpha().numeric().ofMaxLength(4);
        return Arbitraries.oneOf(odd, any).list().ofMaxSize(8).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Credentials> people() {
        return Arbitraries.of(
                Credentials.of("AKID", "wJalr"),
                Credentials.of("with/slash", "\u00e9+/="),
                Credentials.of("ASIA", "wJalr", "FwoG//+= %20&"));
    }

    private SigV4 signer(Credentials who) {
        return SigV4.builder(who).service("s3").region("auto").clock(clock).build();
    }

    private Verifier verifier(Credentials who) {
        return Verifier.builder("s3", "auto", key -> Optional.of(who))
                .clock(clock)
                .build();
    }

    private static Request request(String method, URI uri, String header) {
        return Request.of(method, uri)
                .header("X-Amz-Meta-Note", header)
                .header("X-Note", header)
                .header("x-note", "second");
    }

    private static Map<String, List<String>> arriving(String header) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("HOST", List.of("store.example.com:8443"));
        headers.put("x-amz-META-note", List.of(header));
        headers.put("x-NOTE", List.of(header, "second"));
        return headers;
    }

    private static String target(URI uri) {
        return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private static URI object(String key, String value) {
        String encoded = new Text(16).addEncoded(value).ascii();
        return URI.create(STORE.uri("bucket", key) + "?b=" + encoded + "&a&c=");
    }

    @Property(tries = 200)
    void byHeaders(
            @ForAll("texts") String key,
            @ForAll("texts") String value,
            @ForAll("people") Credentials who,
            @ForAll @Size(max = 50) byte[] body) {
        URI uri = object(key, value);
        Map<String, List<String>> headers = arriving(value);
        signer(who)
                .sign(request("PUT", uri, value).payload(Payload.of(body)))
                .headers()
                .forEach((name, added) -> headers.put(name, List.of(added)));

        assertThat(verifier(who).verify("PUT", target(uri), headers, body).isAccepted())
                .isTrue();
    }

    @Property(tries = 200)
    void byLink(
            @ForAll("texts") String key,
            @ForAll("texts") String value,
            @ForAll("people") Credentials who,
            @ForAll @IntRange(min = 1, max = LONGEST) int seconds) {
        URI link = signer(who).presign(request("GET", object(key, value), value), Duration.ofSeconds(seconds));

        clock.advance(Duration.ofSeconds(seconds));

        assertThat(verifier(who).verify("GET", target(link), arriving(value)).isAccepted())
                .isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(verifier(who).verify("GET", target(link), arriving(value)))
                .isInstanceOfSatisfying(
                        Verification.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Verification.Reason.EXPIRED));
    }

    @Property(tries = 50)
    void inChunks(
            @ForAll("people") Credentials who,
            @ForAll @Size(max = 40_000) byte[] body,
            @ForAll Checksum checksum,
            @ForAll boolean signed)
            throws IOException {
        ChunkedPayload payload = Payload.chunked(body.length).chunkSize(8 << 10);
        payload = signed ? payload.trailer(checksum) : payload.unsigned(checksum);
        URI uri = STORE.uri("bucket", "key");
        Signed put = signer(who).sign(Request.of("PUT", uri).payload(payload));
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("host", List.of("store.example.com:8443"));
        put.headers().forEach((name, added) -> headers.put(name, List.of(added)));

        var found = (Verification.Accepted) verifier(who).verify("PUT", target(uri), headers);

        try (InputStream out = found.body(put.body(new ByteArrayInputStream(body)))) {
            assertThat(out.readAllBytes()).isEqualTo(body);
        }
    }
}
