package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mutil.awssig.Verification.Accepted;
import io.mutil.awssig.Verification.Reason;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is accepted, and the verifier itself. */
class VerifierTest extends VerifierFixture {
    @Test
    void acceptsHeadersAndTellsWhoseTheyAre() {
        Verification found = verifier.verify("PUT", TARGET, put(), BODY);

        assertThat(found).isInstanceOfSatisfying(Accepted.class, accepted -> {
            assertThat(accepted.isAccepted()).isTrue();
            assertThat(accepted.accessKey()).isEqualTo("AKID");
            assertThat(accepted.scope()).isEqualTo("20300101/eu-central-1/s3/aws4_request");
            assertThat(accepted.time()).isEqualTo(Instant.parse("2030-01-01T00:00:00Z"));
            assertThat(accepted.signedHeaders())
                    .containsExactly("host", "x-amz-content-sha256", "x-amz-date", "x-amz-meta-color");
            assertThat(accepted.isBodySigned()).isTrue();
            assertThat(accepted.toString()).contains("AKID", "x-amz-date").doesNotContain("wJalr");
        });
    }

    @Test
    void acceptsALinkUntilItEnds() {
        String link = link(WHO, Duration.ofHours(1));

        clock.advance(Duration.ofHours(1));

        assertThat(verifier.verify("GET", link, host())).isInstanceOfSatisfying(Accepted.class, accepted -> {
            assertThat(accepted.accessKey()).isEqualTo("AKID");
            assertThat(accepted.isBodySigned()).isFalse();
        });
    }

    @Test
    void acceptsSessionsByHeadersAndByLink() {
        assertThat(verifier.verify("GET", TARGET, signed("s3", GUEST, Request.of("GET", OBJECT)))
                        .isAccepted())
                .isTrue();
        assertThat(verifier.verify("GET", link(GUEST, Duration.ofHours(1)), host())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void acceptsSessionsOfS3Express() {
        SigV4 signer = expressSigner(GUEST);
        Map<String, List<String>> headers = sent(signer.sign("GET", OBJECT));
        URI link = signer.presign("GET", OBJECT, Duration.ofHours(1));

        Verifier express = verifier("s3express");

        assertThat(headers).containsKey("x-amz-s3session-token");
        assertThat(express.verify("GET", TARGET, headers).isAccepted()).isTrue();
        assertThat(express.verify("GET", link.getRawPath() + "?" + link.getRawQuery(), host())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void acceptsOtherServicesWithTheBodyInTheSignature() {
        URI uri = URI.create("https://bucket.example.com/a/b/c%20d/");
        Map<String, List<String>> headers =
                signed("execute-api", WHO, Request.of("POST", uri).payload(Payload.of(BODY)));

        Verifier api = verifier("execute-api");

        assertThat(api.verify("POST", "/a/b/c%20d/", headers, BODY).isAccepted())
                .isTrue();
        assertRefused(
                api.verify("POST", "/a/b/c%20d/", headers, "hallo".getBytes(UTF_8)), Reason.NO_MATCH, "signature");
    }

    @Test
    void acceptsAnEmptyBodyThatNothingAnnounces() {
        Map<String, List<String>> headers = signed("execute-api", WHO, Request.of("GET", OBJECT));
        headers.put("Content-Length", List.of("0"));

        assertThat(verifier("execute-api").verify("GET", TARGET, headers).isAccepted())
                .isTrue();
    }

    @Test
    void acceptsTheTimeOfADateHeader() {
        var date = "Tue, 01 Jan 2030 00:00:00 GMT";
        Stamp time = Stamp.parse("20300101T000000Z");
        DayKey key = DayKey.derive(WHO, time.date(), REGION, "execute-api");
        var list = new HeaderList();
        list.add("date", date);
        list.add("host", "bucket.example.com");
        Draft draft =
                Draft.of(CanonicalRequest.of("GET", "/", CanonicalQuery.of(null), list, Sha256.OF_NOTHING), time, key);
        Map<String, List<String>> headers = Map.of(
                "Host",
                List.of("bucket.example.com"),
                "Date",
                List.of(date),
                "Authorization",
                List.of(draft.authorization()));

        assertThat(verifier("execute-api").verify("GET", "/", headers).isAccepted())
                .isTrue();
    }

    @Test
    void takesNoNoticeOfUnsignedHeadersOfOtherKinds() {
        Map<String, List<String>> headers = put();
        headers.put("Via", List.of("1.1 proxy"));
        headers.put("X-Amzn-Trace-Id", List.of("Root=1"));

        assertThat(verifier.verify("PUT", TARGET, headers, BODY).isAccepted()).isTrue();
    }

    /** What makes no difference to what is signed must not make one to the verifier. */
    @Test
    void acceptsWhatMeansTheSame() {
        Map<String, List<String>> headers = put();
        headers.put("x-amz-META-color", headers.remove("X-Amz-Meta-Color"));
        headers.put("x-amz-META-color", List.of("  red\t"));
        String authorization = authorization(headers);
        headers.put("Authorization", List.of(authorization.replace(", ", " ,  ")));

        assertThat(verifier.verify("PUT", "/a%20b/c?list&&x=%31", headers, BODY).isAccepted())
                .isTrue();
    }

    @Test
    void acceptsRepeatedParametersInAnyOrderIfToldSo() {
        Verifier lenient = Verifier.builder("s3", REGION, VerifierFixture::find)
                .clock(clock)
                .repeatedParameters()
                .build();
        URI uri = URI.create("https://bucket.example.com/key?tag=a&tag=b");
        Map<String, List<String>> headers = signed("s3", WHO, Request.of("GET", uri));
        URI link = signer("s3", WHO).presign("GET", uri, Duration.ofHours(1));

        assertThat(lenient.verify("GET", "/key?tag=a&tag=b", headers).isAccepted())
                .isTrue();
        assertThat(lenient.verify("GET", "/key?tag=b&tag=a", headers).isAccepted())
                .isTrue();
        assertThat(lenient.verify("GET", "/key?" + link.getRawQuery(), host()).isAccepted())
                .isTrue();
        assertRefused(lenient.verify("GET", "/key?tag=a&tag=c", headers), Reason.NO_MATCH, "signature");
        assertRefused(lenient.verify("GET", "/key?tag=a", headers), Reason.NO_MATCH, "signature");
    }

    @Test
    void acceptsSignedHeadersOfOtherKindsMoreThanOnce() {
        Map<String, List<String>> headers = signed(
                "s3",
                WHO,
                Request.of("PUT", OBJECT)
                        .header("X-Note", "a")
                        .header("X-Note", "b")
                        .payload(Payload.of(BODY)));
        headers.put("X-Note", List.of("a", "b"));
        assertThat(verifier.verify("PUT", TARGET, headers, BODY).isAccepted()).isTrue();

        headers.put("X-Note", List.of("b", "a"));
        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.NO_MATCH, "signature");
    }

    @Test
    void readsHeadersAsUtf8() {
        Map<String, List<String>> headers = signed(
                "s3", WHO, Request.of("PUT", OBJECT).header("X-Note", "\u20ac").payload(Payload.of(BODY)));
        headers.put("X-Note", List.of("\u20ac"));
        assertThat(verifier.verify("PUT", TARGET, headers, BODY).isAccepted()).isTrue();

        headers.put("X-Note", List.of(new String("\u20ac".getBytes(UTF_8), ISO_8859_1)));
        assertRefused(verifier.verify("PUT", TARGET, headers, BODY), Reason.NO_MATCH, "signature");
    }

    @Test
    void countsWhatItFound() {
        verifier.verify("PUT", TARGET, put(), BODY);
        verifier.verify("PUT", TARGET, put(), BODY);
        verifier.verify("PUT", TARGET, host(), BODY);

        assertThat(verifier.stats()).isEqualTo(new VerifierStats(2, 1));
        assertThat(verifier.toString()).isEqualTo("Verifier[s3 in eu-central-1]");
    }

    @Test
    void usesTheTimeOfTheSystemUnlessTold() {
        Map<String, List<String>> headers = new LinkedHashMap<>(host());
        SigV4.s3(REGION, WHO).sign("GET", OBJECT).headers().forEach((name, value) -> headers.put(name, List.of(value)));

        assertThat(Verifier.s3(REGION, VerifierFixture::find)
                        .verify("GET", TARGET, headers)
                        .isAccepted())
                .isTrue();
    }

    @Test
    void signsPathsAsToldWhereAServiceIsDifferent() {
        SigV4 signer = SigV4.builder(WHO)
                .service("execute-api")
                .region(REGION)
                .pathRule(PathRule.AS_SENT)
                .clock(clock)
                .build();
        Map<String, List<String>> headers = new LinkedHashMap<>(host());
        signer.sign("GET", OBJECT).headers().forEach((name, value) -> headers.put(name, List.of(value)));

        assertThat(verifier("execute-api").verify("GET", TARGET, headers).isAccepted())
                .isFalse();
        assertThat(Verifier.builder("execute-api", REGION, VerifierFixture::find)
                        .clock(clock)
                        .pathRule(PathRule.AS_SENT)
                        .build()
                        .verify("GET", TARGET, headers)
                        .isAccepted())
                .isTrue();
    }

    @Test
    void checksItsArguments() {
        VerifierBuilder builder = Verifier.builder("s3", REGION, VerifierFixture::find);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.skew(Duration.ZERO))
                .withMessage("skew must be from 1 second to 1 day, was PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.skew(Duration.ofDays(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxChunkBytes(0))
                .withMessage("maxChunkBytes must be positive, was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Verifier.s3("", VerifierFixture::find));
        assertThatIllegalArgumentException().isThrownBy(() -> Verifier.builder("a/b", REGION, VerifierFixture::find));
    }
}
