package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Verification.Accepted;
import io.mutil.awssig.Verification.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signature says about the body. */
class VerifierPayloadTest extends VerifierFixture {
    @Test
    void refusesAnotherBody() {
        assertRefused(verifier.verify("PUT", TARGET, put(), "hallo".getBytes(UTF_8)), Reason.BODY, "SHA-256");
    }

    @Test
    void acceptsAnyBodyWhereTheClientSignsNone() {
        Map<String, List<String>> headers =
                signed("s3", WHO, Request.of("PUT", OBJECT).payload(Payload.unsigned()));

        assertThat(verifier.verify("PUT", TARGET, headers, BODY))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.isBodySigned()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "UNSIGNED",
                "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
            })
    void refusesAHashThatIsNoneOrLacksWhatGoesWithIt(String hash) {
        Map<String, List<String>> headers = put();
        headers.put("x-amz-content-sha256", List.of(hash));

        assertThat(refused(verifier.verify("PUT", TARGET, headers, BODY)).reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void refusesAPutToS3ThatDoesNotTellItsHash() {
        SigV4 signer = SigV4.builder(WHO)
                .service("s3")
                .region(REGION)
                .contentSha256(false)
                .clock(clock)
                .build();
        Map<String, List<String>> headers = new LinkedHashMap<>(host());
        signer.sign("GET", OBJECT).headers().forEach((name, value) -> headers.put(name, List.of(value)));

        assertRefused(verifier.verify("GET", TARGET, headers), Reason.BODY, "x-amz-content-sha256");
    }

    @ParameterizedTest
    @CsvSource({"Content-Length, 5", "Transfer-Encoding, chunked"})
    void refusesToVerifyASignatureOverABodyThatIsStillToCome(String name, String value) {
        Map<String, List<String>> headers =
                signed("execute-api", WHO, Request.of("POST", OBJECT).payload(Payload.of(BODY)));
        headers.put(name, List.of(value));

        assertRefused(verifier("execute-api").verify("POST", TARGET, headers), Reason.BODY, "x-amz-content-sha256");
    }

    @Test
    void refusesALinkWhoseHashIsNamedTwiceInDifferentWays() {
        URI uri = signer("s3", WHO).presign(Request.of("PUT", OBJECT).payload(Payload.of(BODY)), Duration.ofHours(1));
        String link = uri.getRawPath() + "?" + uri.getRawQuery();
        assertThat(verifier.verify("PUT", link, host(), BODY).isAccepted()).isTrue();

        assertRefused(
                verifier.verify(
                        "PUT",
                        link,
                        Map.of(
                                "host",
                                List.of("bucket.example.com"),
                                "x-amz-content-sha256",
                                List.of("UNSIGNED-PAYLOAD"))),
                Reason.DUPLICATE,
                "X-Amz-Content-Sha256");
    }
}
