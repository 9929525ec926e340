package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Verification.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links and other queries that are refused, and why. */
class VerifierQueryTest extends VerifierFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Date=20300101T000000Z",
                "x-amz-date=20300101T000000Z",
                "X%2DAmz%2DDate=20300101T000000Z",
                "X-Amz-Signature=00",
                "X-Amz-Expires=604800",
                "X-Amz-Algorithm=AWS4-HMAC-SHA256",
                "x-amz-credential=a",
                "X-Amz-SignedHeaders=host",
                "X-Amz-SignedHeaders",
            })
    void refusesAParameterOfTheSignatureTwice(String parameter) {
        String link = link(WHO, Duration.ofHours(1));

        assertThat(refused(verifier.verify("GET", link + "&" + parameter, host()))
                        .reason())
                .isIn(Reason.DUPLICATE);
        assertThat(refused(verifier.verify("GET", link.replace("?", "?" + parameter + "&"), host()))
                        .reason())
                .isIn(Reason.DUPLICATE, Reason.MALFORMED);
    }

    @Test
    void refusesAnyOtherParameterThatIsAddedToALink() {
        String link = link(WHO, Duration.ofHours(1));

        assertRefused(verifier.verify("GET", link + "&versionId=1", host()), Reason.NO_MATCH, "signature");
        assertRefused(verifier.verify("GET", link + "&X-Amz-Security-Token=x", host()), Reason.NO_MATCH, "signature");
        assertRefused(verifier.verify("GET", link + "&x-amz-acl=public-read", host()), Reason.NO_MATCH, "signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Signature"
            })
    void refusesALinkWithoutOneOfItsParametersOrWithOneInSmallLetters(String name) {
        String link = link(WHO, Duration.ofHours(1));

        assertRefused(verifier.verify("GET", link.replaceFirst(name + "=[^&]*&?", ""), host()), Reason.MALFORMED, name);
        assertRefused(
                verifier.verify("GET", link.replace(name, name.toLowerCase(Locale.ROOT)), host()),
                Reason.MALFORMED,
                name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "604801", "1000000", "99999999999", "", "1.5", "%2B60", "\u0661"})
    void refusesALinkThatWouldLiveOtherThanASecondTo7Days(String expires) {
        String link = link(WHO, Duration.ofHours(1)).replace("X-Amz-Expires=3600", "X-Amz-Expires=" + expires);

        assertRefused(verifier.verify("GET", link, host()), Reason.MALFORMED, "604800");
    }

    @Test
    void refusesALinkThatEnded() {
        String link = link(WHO, Duration.ofHours(1));

        clock.advance(Duration.ofHours(1).plusSeconds(1));

        assertRefused(
                verifier.verify("GET", link, host()), Reason.EXPIRED, "the link ended at 2030-01-01T01:00:00Z, it is ");
    }

    @Test
    void refusesALinkOfTheFuture() {
        String link = link(WHO, Duration.ofHours(1));

        clock.advance(Duration.ofMinutes(-15));
        assertThat(verifier.verify("GET", link, host()).isAccepted()).isTrue();
        clock.advance(Duration.ofSeconds(-1));

        assertRefused(verifier.verify("GET", link, host()), Reason.WRONG_TIME, "PT15M");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?a=1&a=2", "?a=2&a=1", "?a=1&b&a=1", "?a&%61", "?a+b=1&a%20b=2", "?=1&=2", "?%C3%A9&%c3%a9"})
    void refusesAParameterTwice(String query) {
        URI uri = URI.create("https://bucket.example.com/key" + query);

        assertRefused(
                verifier.verify("GET", "/key" + query, signed("s3", WHO, Request.of("GET", uri))),
                Reason.DUPLICATE,
                "is there more than once; send it once");
        URI link = signer("s3", WHO).presign("GET", uri, Duration.ofHours(1));
        assertRefused(
                verifier.verify("GET", link.getRawPath() + "?" + link.getRawQuery(), host()),
                Reason.DUPLICATE,
                "is there more than once; send it once");
    }

    @Test
    void showsNoNameOfAParameter() {
        String query = "?X-Amz-%0AERROR%20all%20is%20lost=%ff";

        assertThat(refused(verifier.verify("GET", "/key" + query, host())).message())
                .doesNotContain("\n", "lost")
                .contains("X-Amz-...");
    }

    @Test
    void refusesAParameterOfAwsTwiceEvenIfOthersMayRepeat() {
        Verifier lenient = Verifier.builder("s3", REGION, VerifierFixture::find)
                .clock(clock)
                .repeatedParameters()
                .build();
        for (String query : List.of("?x-amz-acl=a&x-amz-acl=b", "?X-Amz-Acl=a&X%2DAmz-Acl=b")) {
            URI uri = URI.create("https://bucket.example.com/key" + query);

            assertRefused(
                    lenient.verify("GET", "/key" + query, signed("s3", WHO, Request.of("GET", uri))),
                    Reason.DUPLICATE,
                    "is there more than once");
        }
        String link = link(WHO, Duration.ofHours(1));
        assertRefused(lenient.verify("GET", link + "&X-Amz-Expires=604800", host()), Reason.DUPLICATE, "X-Amz-Expires");
    }
}
