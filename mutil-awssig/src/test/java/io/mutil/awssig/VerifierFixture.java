package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Verification.Reason;
import io.mutil.awssig.Verification.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A verifier, and requests for it. */
abstract class VerifierFixture {
    static final String REGION = "eu-central-1";
    static final Credentials WHO = Credentials.of("AKID", "wJalr");
    static final Credentials GUEST = Credentials.of("ASIA", "wJalr2", "FwoG+/=");
    static final URI OBJECT = URI.create("https://bucket.example.com/a%20b/c?x=1&list");
    static final String TARGET = "/a%20b/c?x=1&list";
    static final byte[] BODY = "hello".getBytes(UTF_8);

    final SettableClock clock = new SettableClock("2030-01-01T00:00:00Z");
    final Verifier verifier = verifier("s3");

    Verifier verifier(String service) {
        return Verifier.builder(service, REGION, VerifierFixture::find)
                .clock(clock)
                .build();
    }

    static Optional<Credentials> find(String accessKey) {
        return List.of(WHO, GUEST).stream()
                .filter(who -> who.accessKey().equals(accessKey))
                .findFirst();
    }

    SigV4 signer(String service, Credentials who) {
        return SigV4.builder(who).service(service).region(REGION).clock(clock).build();
    }

    Map<String, List<String>> signed(String service, Credentials who, Request request) {
        return sent(signer(service, who).sign(request));
    }

    Map<String, List<String>> put() {
        Map<String, List<String>> headers = signed(
                "s3",
                WHO,
                Request.of("PUT", OBJECT).header("X-Amz-Meta-Color", "red").payload(Payload.of(BODY)));
        headers.put("X-Amz-Meta-Color", List.of("red"));
        return headers;
    }

    static String authorization(Map<String, List<String>> headers) {
        return Objects.requireNonNull(headers.get("Authorization")).get(0);
    }

    SigV4 expressSigner(Credentials who) {
        return SigV4.builder(who)
                .service("s3express")
                .region(REGION)
                .s3ExpressSession()
                .clock(clock)
                .build();
    }

    static Map<String, List<String>> sent(Signed signed) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of("bucket.example.com"));
        signed.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return headers;
    }

    static Map<String, List<String>> host() {
        return Map.of("host", List.of("bucket.example.com"));
    }

    String link(Credentials who, Duration expiry) {
        URI uri = signer("s3", who).presign("GET", OBJECT, expiry);
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    Refused refused(Verification found) {
        assertThat(found).isInstanceOf(Refused.class);
        assertThat(found.isAccepted()).isFalse();
        assertThat(((Refused) found).message()).doesNotContain("wJalr", "FwoG").doesNotContainPattern("[0-9a-f]{32}");
        return (Refused) found;
    }

    void assertRefused(Verification found, Reason reason, String part) {
        Refused refused = refused(found);
        assertThat(refused.message()).contains(part);
        assertThat(refused.reason()).isEqualTo(reason);
    }
}
