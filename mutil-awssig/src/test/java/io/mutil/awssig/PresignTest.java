package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links. */
class PresignTest {
    private static final URI OBJECT = URI.create("https://bucket.s3.eu-central-1.amazonaws.com/a.txt");
    private static final Credentials USER = Credentials.of("AKID", "secret");
    private static final Credentials SESSION = Credentials.of("AKID", "secret", "to/ken");
    private static final Duration HOUR = Duration.ofHours(1);

    private final SettableClock clock = new SettableClock("2024-02-29T23:59:59Z");

    private SigV4Builder builder(String service, Credentials credentials) {
        return SigV4.builder(credentials)
                .service(service)
                .region("eu-central-1")
                .clock(clock);
    }

    private SigV4 s3() {
        return builder("s3", USER).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.999S", "PT-1H", "P7DT0.001S", "P8D"})
    void lifeOutsideOfOneSecondToSevenDaysIsRefused(String life) {
        assertThatThrownBy(() -> s3().presign("GET", OBJECT, Duration.parse(life)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 second to 7 days");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT1.999S", "P7D"})
    void lifeIsInWholeSeconds(String life) {
        URI link = s3().presign("GET", OBJECT, Duration.parse(life));

        assertThat(link.getQuery())
                .contains("X-Amz-Expires=" + Duration.parse(life).toSeconds() + "&");
    }

    @Test
    void queryOfTheAddressIsSignedAndWrittenCanonically() {
        URI uri = URI.create(OBJECT + "?response-content-type=text/plain&versionId&a=b+c%2b");

        URI link = s3().presign("GET", uri, HOUR);

        assertThat(link.getRawQuery())
                .startsWith("X-Amz-Algorithm=AWS4-HMAC-SHA256&")
                .endsWith("&a=b%20c%2B&response-content-type=text%2Fplain&versionId=");
    }

    @Test
    void linkCanBeSignedAgain() {
        SigV4 signer = builder("s3", SESSION).build();
        URI old = signer.presign("GET", OBJECT, Duration.ofMinutes(1));

        clock.advance(HOUR);

        assertThat(signer.presign("GET", old, HOUR)).isEqualTo(signer.presign("GET", OBJECT, HOUR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3", "execute-api"})
    void bodyThatALinkFixedStaysFixedWhenItIsSignedAgain(String service) {
        SigV4 signer = builder(service, USER).contentSha256(true).build();
        Request put = Request.of("PUT", OBJECT).payload(Payload.of("body"));
        URI old = signer.presign(put, Duration.ofMinutes(1));
        clock.advance(HOUR);

        assertThat(signer.presign("PUT", old, HOUR)).isEqualTo(signer.presign(put, HOUR));
        assertThat(signer.presign(Request.of("PUT", old).payload(Payload.of("other")), HOUR))
                .isEqualTo(signer.presign(put.payload(Payload.of("other")), HOUR));
    }

    @Test
    void tokenIsSigned() {
        SigV4 signer = builder("s3", SESSION).build();

        Explanation explanation = signer.explain(Request.of("GET", OBJECT), HOUR);
        URI link = signer.presign("GET", OBJECT, HOUR);

        assertThat(explanation.canonicalRequest()).contains("X-Amz-Security-Token=to%2Fken&X-Amz-SignedHeaders=host\n");
        assertThat(link.getRawQuery()).contains("X-Amz-Security-Token=to%2Fken");
    }

    @Test
    void tokenIsAddedAfterSigningIfToldSo() {
        SigV4 signer = builder("s3", SESSION).signToken(false).build();

        String query = signer.presign("GET", OBJECT, HOUR).getRawQuery();

        assertThat(query).contains("&X-Amz-Security-Token=to%2Fken");
        assertThat(query.replace("&X-Amz-Security-Token=to%2Fken", ""))
                .isEqualTo(s3().presign("GET", OBJECT, HOUR).getRawQuery());
    }

    @Test
    void tokenOfAnS3ExpressSessionHasItsOwnParameter() {
        SigV4 signer = builder("s3express", SESSION).s3ExpressSession().build();

        URI link = signer.presign("GET", OBJECT, HOUR);

        assertThat(link.getRawQuery())
                .contains("&X-Amz-S3session-Token=to%2Fken&")
                .doesNotContain("Security-Token");
        assertThat(signer.presign("GET", link, HOUR)).isEqualTo(link);
    }

    @Test
    void tokenOfAnEarlierLinkGoesWithItsSignature() {
        URI express = builder("s3express", SESSION).s3ExpressSession().build().presign("GET", OBJECT, HOUR);
        URI usual = builder("s3", SESSION).build().presign("GET", OBJECT, HOUR);

        for (URI old : List.of(express, usual)) {
            for (Credentials next : List.of(USER, Credentials.of("AKID", "secret", "next"))) {
                SigV4 signer = builder("s3", next).build();
                assertThat(signer.presign("GET", old, HOUR)).isEqualTo(signer.presign("GET", OBJECT, HOUR));
            }
        }
    }

    @Test
    void anyBodyMayBeSentToS3UnlessOneIsGiven() {
        Request put = Request.of("PUT", OBJECT);
        Request fixed = put.payload(Payload.of("body"));

        assertThat(s3().explain(put, HOUR).canonicalRequest()).endsWith("\nUNSIGNED-PAYLOAD");
        assertThat(s3().explain(fixed, HOUR).canonicalRequest())
                .endsWith("\n" + Payload.of("body").hash());
        assertThat(s3().presign(fixed, HOUR).getQuery())
                .contains("X-Amz-Content-Sha256=" + Payload.of("body").hash());
    }

    @Test
    void noBodyMayBeSentToOthersUnlessOneIsGiven() {
        SigV4 signer = builder("execute-api", USER).build();
        Request get = Request.of("GET", URI.create("https://id.execute-api.eu-central-1.amazonaws.com/"));

        assertThat(signer.explain(get, HOUR).canonicalRequest()).endsWith("\n" + Sha256.OF_NOTHING);
        assertThat(signer.presign(get, HOUR).getQuery()).doesNotContain("Sha256=");
    }

    @Test
    void headersOfTheRequestAreSigned() {
        Request request = Request.of("PUT", OBJECT)
                .headers(Map.of("Content-Type", "image/png"))
                .header("User-Agent", "test")
                .header("x-amz-date", "old");

        assertThat(s3().presign(request, HOUR).getQuery()).contains("X-Amz-SignedHeaders=content-type;host");
    }

    @Test
    void headerThatNamesThePayloadGoesIntoTheQuery() {
        Payload payload = Payload.of("body");
        Request request = Request.of("PUT", OBJECT).header("X-Amz-Content-Sha256", payload.hash());

        assertThat(s3().presign(request, HOUR))
                .isEqualTo(s3().presign(Request.of("PUT", OBJECT).payload(payload), HOUR));
        assertThat(s3().explain(request, HOUR).canonicalRequest()).endsWith("\nhost\n" + payload.hash());
    }

    @Test
    void headerWithTheTokenGoesIntoTheQuery() {
        SigV4 signer = builder("s3", SESSION).build();
        Request request = Request.of("GET", OBJECT).header("X-Amz-Security-Token", "old");

        assertThat(signer.presign(request, HOUR)).isEqualTo(signer.presign("GET", OBJECT, HOUR));
    }

    @Test
    void payloadIsAnnouncedToOthersWhereTheyWouldTakeAnother() {
        Request post = Request.of("POST", URI.create("https://id.execute-api.eu-central-1.amazonaws.com/"));
        Request hashed = post.payload(Payload.of("{}"));
        String hash = "X-Amz-Content-Sha256=" + Payload.of("{}").hash();
        SigV4 signer = builder("execute-api", USER).build();

        assertThat(signer.presign(post.payload(Payload.unsigned()), HOUR).getQuery())
                .contains("X-Amz-Content-Sha256=UNSIGNED-PAYLOAD");
        assertThat(signer.presign(hashed.header("x-amz-content-sha256", "old"), HOUR)
                        .getQuery())
                .contains(hash);
        assertThat(builder("execute-api", USER)
                        .contentSha256(true)
                        .build()
                        .presign(hashed, HOUR)
                        .getQuery())
                .contains(hash);
    }

    @Test
    void portAndPathStayAsTheyAre() {
        URI uri = URI.create("http://localhost:9000//bucket/../a%20b");

        assertThat(s3().presign("GET", uri, HOUR).toString())
                .startsWith("http://localhost:9000//bucket/../a%20b?X-Amz-");
    }

    @Test
    void emptyPathIsSentAsSlash() {
        assertThat(s3().presign("GET", URI.create("https://example.com"), HOUR).toString())
                .startsWith("https://example.com/?X-Amz-");
    }

    @Test
    void bodyInChunksIsRefused() {
        Request request = Request.of("PUT", OBJECT).payload(Payload.chunked(1));

        assertThatThrownBy(() -> s3().presign(request, HOUR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave the payload out");
    }

    @Test
    void targetThatIsNoUriIsRefusedWithoutShowingTheLink() {
        Request request = Request.of("GET", "example.com", "/a b");

        assertThatThrownBy(() -> s3().presign(request, HOUR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example.com/a b")
                .hasNoCause()
                .message()
                .doesNotContain("X-Amz");
    }

    @Test
    void compatibleSignerMakesNone() {
        SigV4 signer = builder("s3", USER).compatible().build();

        assertThatThrownBy(() -> signer.presign("GET", OBJECT, HOUR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another signer");
    }
}
