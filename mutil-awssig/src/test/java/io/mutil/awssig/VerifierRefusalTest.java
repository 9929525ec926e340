package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Verification.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and why. */
class VerifierRefusalTest extends VerifierFixture {
    @Test
    void refusesARequestWithoutSignature() {
        assertRefused(verifier.verify("GET", TARGET, host()), Reason.NOT_SIGNED, "sign the request");
    }

    @Test
    void refusesTwoSignatures() {
        assertRefused(
                verifier.verify("PUT", link(WHO, Duration.ofHours(1)), put(), BODY), Reason.DUPLICATE, "one of them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AWS4-HMAC-SHA256",
                "AWS4-HMAC-SHA512 Credential=a, SignedHeaders=b, Signature=c",
                "aws4-hmac-sha256 Credential=a, SignedHeaders=b, Signature=c",
                "AWS AKID:c2lnbmF0dXJl",
                "Bearer token",
                "AWS4-HMAC-SHA256 Credential=AKID/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host",
                "AWS4-HMAC-SHA256 Credential=AKID/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature",
                "AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=host, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101//s3/aws4_request, SignedHeaders=host, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4, SignedHeaders=host, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A\n/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4_request, SignedHeaders=, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4_request, SignedHeaders=Host, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host;date, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host;host, Signature=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=0%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host, Other=%s",
                "AWS4-HMAC-SHA256 Credential=A/20300101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=%s, a=",
            })
    void refusesAnAuthorizationOfAnyOtherForm(String authorization) {
        Map<String, List<String>> headers = put();
        headers.put("Authorization", List.of(authorization.replace("%s", "0".repeat(64))));

        assertThat(refused(verifier.verify("PUT", TARGET, headers, BODY)).reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void refusesASignatureInCapitals() {
        Map<String, List<String>> headers = put();
        String authorization = authorization(headers);
        int at = authorization.lastIndexOf('=') + 1;
        headers.put(
                "Authorization",
                List.of(authorization.substring(0, at)
                        + authorization.substring(at).toUpperCase(Locale.ROOT)));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.MALFORMED, "lower case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "http://bucket.example.com/a", "*", "/a#b"})
    void refusesATargetThatIsNoPath(String target) {
        assertThat(refused(verifier.verify("PUT", target, put(), BODY)).reason())
                .isEqualTo(Reason.MALFORMED);
    }

    /** Of which the signature is that of the path without them. */
    @ParameterizedTest
    @ValueSource(strings = {"//b", "/./b", "/a/../b", "/../b", "/b/.", "/b//", "/.", "/b/c/.."})
    void refusesDotSegmentsAndDoubleSlashesThatAreNotSigned(String path) {
        URI uri = URI.create("https://bucket.example.com" + path);
        Map<String, List<String>> headers = signed("execute-api", WHO, Request.of("GET", uri));
        URI link = signer("execute-api", WHO).presign("GET", uri, Duration.ofHours(1));

        assertRefused(verifier("execute-api").verify("GET", path, headers), Reason.MALFORMED, "dot segments");
        assertRefused(
                verifier("execute-api").verify("GET", path + "?" + link.getRawQuery(), host()),
                Reason.MALFORMED,
                "dot segments");
        assertThat(verifier("s3")
                        .verify("GET", path, signed("s3", WHO, Request.of("GET", uri)))
                        .isAccepted())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET\n/x", "GET ", "G\u00c9T"})
    void refusesAMethodThatIsNoWord(String method) {
        assertRefused(verifier.verify(method, TARGET, put(), BODY), Reason.MALFORMED, "method");
    }

    @ParameterizedTest
    @CsvSource({"Authorization, x", "x-amz-date, 20300101T000000Z", "host, example.org", "x-amz-content-sha256, x"})
    void refusesAHeaderOfTheSignatureTwice(String name, String value) {
        Map<String, List<String>> headers = put();
        List<String> values = new ArrayList<>(List.of(value));
        headers.forEach((other, given) -> {
            if (other.equalsIgnoreCase(name)) {
                values.addAll(given);
            }
        });
        headers.keySet().removeIf(name::equalsIgnoreCase);
        headers.put(name, values);

        assertThat(refused(verifier.verify("PUT", TARGET, headers, BODY)).reason())
                .isEqualTo(Reason.DUPLICATE);
    }

    @Test
    void refusesAPartOfTheAuthorizationTwice() {
        Map<String, List<String>> headers = put();
        headers.put("Authorization", List.of(authorization(headers) + ", SignedHeaders=host"));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.DUPLICATE, "Authorization");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void refusesATimeThatIsTooFarAway(long direction) {
        Map<String, List<String>> headers = put();

        clock.advance(Duration.ofMinutes(15 * direction));
        assertThat(verifier.verify("PUT", TARGET, headers, BODY).isAccepted()).isTrue();
        clock.advance(Duration.ofSeconds(direction));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.WRONG_TIME, "set the client's clock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20300101", "2030-01-01T00:00:00Z", "20300101T000000", "20300132T000000Z", "x"})
    void refusesATimeInAnyOtherForm(String time) {
        Map<String, List<String>> headers = put();
        headers.put("x-amz-date", List.of(time));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.MALFORMED, "20150830T123600Z");
    }

    @Test
    void refusesADayThatIsNoneAlthoughAParserWouldTakeIt() {
        Map<String, List<String>> headers = put();
        headers.put("x-amz-date", List.of("20300230T000000Z"));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.MALFORMED, "in UTC");
    }

    @Test
    void refusesRequestsWithoutTime() {
        Map<String, List<String>> headers = put();
        headers.remove("x-amz-date");

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.MALFORMED, "x-amz-date");
    }

    @Test
    void refusesADayThatDoesNotFitTheTime() {
        Map<String, List<String>> headers = put();
        headers.put("Authorization", List.of(authorization(headers).replace("/20300101/", "/20291231/")));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.WRONG_TIME, "the day of the scope");
    }

    @Test
    void refusesAnotherRegionAndAnotherService() {
        assertRefused(
                Verifier.builder("s3", "us-east-1", VerifierFixture::find)
                        .clock(clock)
                        .build()
                        .verify("PUT", TARGET, put(), BODY),
                Reason.WRONG_SCOPE,
                "the signature is for s3 in eu-central-1; sign for s3 in us-east-1");
        assertRefused(verifier("sqs").verify("PUT", TARGET, put(), BODY), Reason.WRONG_SCOPE, "sign for sqs");
    }

    @Test
    void refusesUnsignedHeadersOfAws() {
        Map<String, List<String>> headers = put();
        headers.put("X-AMZ-ACL", List.of("public-read"));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.HEADERS, "x-amz-acl");
        assertRefused(
                verifier.verify(
                        "GET",
                        link(WHO, Duration.ofHours(1)),
                        Map.of("host", List.of("bucket.example.com"), "x-amz-acl", List.of("public-read"))),
                Reason.HEADERS,
                "x-amz-acl");
    }

    @Test
    void refusesASignatureThatLeavesOutTheHostOrTheTime() {
        for (String names : List.of("x-amz-content-sha256;x-amz-date;x-amz-meta-color", "date;host")) {
            Map<String, List<String>> headers = put();
            headers.put("Date", List.of("Tue, 01 Jan 2030 00:00:00 GMT"));
            String authorization = authorization(headers);
            headers.put(
                    "Authorization",
                    List.of(authorization.replaceFirst("SignedHeaders=[^,]*", "SignedHeaders=" + names)));

            assertThat(refused(verifier.verify("PUT", TARGET, headers, BODY)).reason())
                    .isEqualTo(Reason.HEADERS);
        }
    }

    @Test
    void refusesASignedHeaderThatDidNotArrive() {
        Map<String, List<String>> headers = signed(
                "s3",
                WHO,
                Request.of("PUT", OBJECT).header("Content-Type", "text/plain").payload(Payload.of(BODY)));

        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.HEADERS, "content-type is signed");
    }

    @Test
    void saysTheSameOfAnUnknownKeyAndAWrongSecret() {
        Verification unknown = verifier.verify(
                "GET", TARGET, signed("s3", Credentials.of("OTHER", "wJalr"), Request.of("GET", OBJECT)));
        Verification wrong = verifier.verify(
                "GET", TARGET, signed("s3", Credentials.of("AKID", "other"), Request.of("GET", OBJECT)));

        assertRefused(unknown, Reason.NO_MATCH, "the access key is unknown, or the signature does not match");
        assertThat(wrong).isEqualTo(unknown);
    }

    @Test
    void refusesAKeyThatAStoreFindsUnderAnotherName() {
        Verifier careless = Verifier.builder("s3", REGION, key -> Optional.of(WHO))
                .clock(clock)
                .build();

        assertRefused(
                careless.verify(
                        "GET", TARGET, signed("s3", Credentials.of("akid", "wJalr"), Request.of("GET", OBJECT))),
                Reason.NO_MATCH,
                "unknown");
    }

    @Test
    void asksForTheKeyOfTheRequestOnce() {
        var asked = new AtomicReference<String>("");
        Verifier counting = Verifier.builder("s3", REGION, key -> {
                    asked.updateAndGet(all -> all + key + ",");
                    return Optional.empty();
                })
                .clock(clock)
                .build();

        counting.verify("GET", TARGET, signed("s3", Credentials.of("a/b", "x"), Request.of("GET", OBJECT)));

        assertThat(asked).hasValue("a/b,");
    }

    @Test
    void refusesATokenThatIsMissingWrongOrTooMuch() {
        Credentials none = Credentials.of("ASIA", "wJalr2");
        Credentials wrong = Credentials.of("ASIA", "wJalr2", "FwoG");
        Credentials surplus = Credentials.of("AKID", "wJalr", "FwoG");
        for (Credentials who : List.of(none, wrong, surplus)) {
            assertRefused(
                    verifier.verify("GET", TARGET, signed("s3", who, Request.of("GET", OBJECT))),
                    Reason.NO_MATCH,
                    "signature");
            assertRefused(verifier.verify("GET", link(who, Duration.ofHours(1)), host()), Reason.NO_MATCH, "signature");
        }
    }

    @Test
    void refusesATokenOfS3ExpressThatIsMissingWrongOrTooMuch() {
        Credentials wrong = Credentials.of("ASIA", "wJalr2", "FwoG");
        Credentials surplus = Credentials.of("AKID", "wJalr", "FwoG");
        Verifier express = verifier("s3express");

        for (Credentials who : List.of(wrong, surplus)) {
            SigV4 signer = expressSigner(who);
            Map<String, List<String>> headers = sent(signer.sign("GET", OBJECT));
            URI link = signer.presign("GET", OBJECT, Duration.ofHours(1));

            assertRefused(express.verify("GET", TARGET, headers), Reason.NO_MATCH, "signature");
            assertRefused(
                    express.verify("GET", link.getRawPath() + "?" + link.getRawQuery(), host()),
                    Reason.NO_MATCH,
                    "signature");
        }
    }

    @Test
    void refusesTwoTokens() {
        Map<String, List<String>> headers =
                signed("s3express", GUEST, Request.of("GET", OBJECT).header("x-amz-s3session-token", "FwoG+/="));
        headers.put("x-amz-s3session-token", List.of("FwoG+/="));

        assertRefused(verifier("s3express").verify("GET", TARGET, headers), Reason.DUPLICATE, "the token of a session");
    }

    @Test
    void refusesAHeaderOfAwsTwice() {
        Map<String, List<String>> headers =
                signed("s3", WHO, Request.of("GET", OBJECT).header("x-amz-meta-color", "red,blue"));
        headers.put("x-amz-meta-color", List.of("red,blue"));
        assertThat(verifier.verify("GET", TARGET, headers).isAccepted()).isTrue();

        headers.put("x-amz-meta-color", List.of("red", "blue"));
        assertRefused(verifier.verify("GET", TARGET, headers), Reason.DUPLICATE, "header x-amz-meta-color");
        headers.put("x-amz-meta-color", List.of("red"));
        headers.put("X-Amz-Meta-Color", List.of("blue"));
        assertRefused(verifier.verify("GET", TARGET, headers), Reason.DUPLICATE, "header x-amz-meta-color");
    }
}
