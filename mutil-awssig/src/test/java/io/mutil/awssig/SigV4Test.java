package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigV4Test {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764";
    private static final Credentials USER = Credentials.of("AKIDEXAMPLE", SECRET);
    private static final Credentials SESSION = Credentials.of("AKIDEXAMPLE", SECRET, TOKEN);
    private static final URI OBJECT = URI.create("https://bucket.s3.eu-central-1.amazonaws.com/a.txt");
    private static final URI TABLE = URI.create("https://dynamodb.eu-central-1.amazonaws.com/");

    private final SettableClock clock = new SettableClock("2024-02-29T23:59:59Z");

    private SigV4Builder s3(Credentials credentials) {
        return SigV4.builder(credentials).service("s3").region("eu-central-1").clock(clock);
    }

    private SigV4Builder dynamo(Credentials credentials) {
        return SigV4.builder(credentials)
                .service("dynamodb")
                .region("eu-central-1")
                .clock(clock);
    }

    @Test
    void headersThatHopsMayChangeAreNotSigned() {
        Request request = Request.of("GET", OBJECT)
                .header("Connection", "keep-alive")
                .header("Expect", "100-continue")
                .header("User-Agent", "test")
                .header("X-Amzn-Trace-Id", "Root=1")
                .header("Transfer-Encoding", "chunked")
                .header("TE", "trailers")
                .header("Accept", "text/plain");

        Signed signed = s3(USER).build().sign(request);

        assertThat(signed.headers().get("Authorization"))
                .contains("SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date,");
    }

    @Property(tries = 200)
    void orderOfHeadersDoesNotMatter(
            @ForAll List<@AlphaChars @StringLength(min = 1, max = 5) String> names, @ForAll Random random) {
        List<String> distinct = new ArrayList<>(names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .toList());
        SigV4 signer = s3(USER).build();
        String expected = signer.sign(with(distinct)).signature();

        Collections.shuffle(distinct, random);

        assertThat(signer.sign(with(distinct)).signature()).isEqualTo(expected);
    }

    private static Request with(List<String> names) {
        Request request = Request.of("GET", OBJECT);
        for (String name : names) {
            request = request.header(name, "value of " + name);
        }
        return request;
    }

    @Example
    void orderOfValuesOfOneHeaderMatters() {
        SigV4 signer = s3(USER).build();

        String signature = signer.sign(
                        Request.of("GET", OBJECT).header("a", "1").header("A", "2"))
                .signature();

        assertThat(signer.sign(Request.of("GET", OBJECT).header("a", "2").header("A", "1"))
                        .signature())
                .isNotEqualTo(signature);
    }

    @Test
    void anEarlierSignatureIsReplaced() {
        SigV4 signer = s3(SESSION).build();
        Signed first = signer.sign("GET", OBJECT);

        Signed second = signer.sign(Request.of("GET", OBJECT).headers(first.headers()));

        assertThat(second.headers()).isEqualTo(first.headers());
    }

    @Test
    void hostHeaderOfTheCallerCounts() {
        Signed signed = s3(USER).build().sign(Request.of("GET", OBJECT).header("Host", "proxied.example.com"));

        assertThat(signed.explain().canonicalRequest())
                .contains("\nhost:proxied.example.com\n")
                .doesNotContain("amazonaws");
    }

    @Test
    void tokenOfASessionIsSigned() {
        Signed signed = dynamo(SESSION).build().sign("POST", TABLE);

        assertThat(signed.headers()).containsEntry("x-amz-security-token", TOKEN);
        assertThat(signed.headers().get("Authorization"))
                .contains("SignedHeaders=host;x-amz-date;x-amz-security-token,");
    }

    @Test
    void tokenIsAddedAfterSigningIfToldSo() {
        Signed signed = dynamo(SESSION).signToken(false).build().sign("POST", TABLE);

        assertThat(signed.headers()).containsEntry("x-amz-security-token", TOKEN);
        assertThat(signed.signature())
                .isEqualTo(dynamo(USER).build().sign("POST", TABLE).signature());
    }

    @Test
    void tokenOfAnS3ExpressSessionHasItsOwnHeader() {
        SigV4 signer = SigV4.builder(SESSION)
                .service("s3express")
                .region("us-east-1")
                .s3ExpressSession()
                .build();

        Signed signed = signer.sign(Request.of("GET", OBJECT).header("x-amz-s3session-token", "old"));

        assertThat(signed.headers())
                .containsEntry("x-amz-s3session-token", TOKEN)
                .doesNotContainKey("x-amz-security-token");
        assertThat(signed.explain().canonicalRequest())
                .contains("\nx-amz-s3session-token:" + TOKEN + "\n")
                .doesNotContain("old");
    }

    @Test
    void onlyWhatIsSignedCounts() {
        SigV4 signer = SigV4.s3("eu-central-1", () -> {
            throw new IllegalStateException("none");
        });
        SigV4 good = s3(USER).build();

        assertThatThrownBy(() -> signer.sign("GET", OBJECT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> signer.presign("GET", OBJECT, Duration.ofHours(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> good.presign("GET", OBJECT, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        good.presign("GET", OBJECT, Duration.ofHours(1));

        assertThat(signer.stats().signatures()).isZero();
        assertThat(good.stats().signatures()).isEqualTo(1);
    }

    @Test
    void onlyS3GetsTheHashOfThePayload() {
        assertThat(s3(USER).build().sign("GET", OBJECT).headers())
                .containsEntry("x-amz-content-sha256", Sha256.OF_NOTHING);
        assertThat(dynamo(USER).build().sign("POST", TABLE).headers()).containsOnlyKeys("Authorization", "x-amz-date");
    }

    @Test
    void otherServicesGetTheHashIfToldSo() {
        Signed signed = dynamo(USER).contentSha256(true).build().sign("POST", TABLE, Map.of(), Payload.of("{}"));

        assertThat(signed.headers())
                .containsEntry("x-amz-content-sha256", Payload.of("{}").hash());
    }

    @Test
    void otherServicesGetTheHashIfTheRequestHasIt() {
        Request request =
                Request.of("POST", TABLE).header("X-Amz-Content-Sha256", "old").payload(Payload.of("{}"));

        Signed signed = dynamo(USER).build().sign(request);

        assertThat(signed.headers())
                .containsEntry("x-amz-content-sha256", Payload.of("{}").hash());
        assertThat(signed.explain().canonicalRequest())
                .contains("\nhost;x-amz-content-sha256;x-amz-date\n")
                .doesNotContain("old");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UNSIGNED-PAYLOAD", "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
            }) // of "test"
    void headerNamesThePayloadWhereNoneIsSet(String hash) {
        Payload payload = hash.equals("UNSIGNED-PAYLOAD") ? Payload.unsigned() : Payload.of("test");

        for (SigV4 signer : List.of(s3(USER).build(), dynamo(USER).build())) {
            Signed signed = signer.sign(Request.of("PUT", OBJECT).header("x-amz-content-sha256", hash));

            assertThat(signed.headers()).containsEntry("x-amz-content-sha256", payload.hash());
            assertThat(signed.explain().canonicalRequest()).endsWith("\n" + payload.hash());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, with Payload.chunked",
        "abc, 64 hexadecimal digits",
        "'', 64 hexadecimal digits"
    })
    void headerThatNamesNoPayloadIsRefused(String hash, String message) {
        Request request = Request.of("PUT", OBJECT).header("x-amz-content-sha256", hash);

        assertThatThrownBy(() -> s3(USER).build().sign(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void unsignedPayloadIsAlwaysAnnounced() {
        Signed signed = dynamo(USER).build().sign("POST", TABLE, Map.of(), Payload.unsigned());

        assertThat(signed.headers()).containsEntry("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        assertThat(signed.explain().canonicalRequest()).endsWith("\nUNSIGNED-PAYLOAD");
    }

    @Test
    void pathGoesByTheServiceUnlessToldOtherwise() {
        URI uri = URI.create("https://example.com/a//b/../c%20d");

        assertThat(canonicalPath(s3(USER).build(), uri)).isEqualTo("/a//b/../c%20d");
        assertThat(canonicalPath(dynamo(USER).build(), uri)).isEqualTo("/a/c%2520d");
        assertThat(canonicalPath(dynamo(USER).pathRule(PathRule.ENCODED_AGAIN).build(), uri))
                .isEqualTo("/a//b/../c%2520d");
        assertThat(canonicalPath(dynamo(USER).pathRule(PathRule.AS_SENT).build(), uri))
                .isEqualTo("/a//b/../c%20d");
    }

    private static String canonicalPath(SigV4 signer, URI uri) {
        return signer.sign("GET", uri)
                .explain()
                .canonicalRequest()
                .lines()
                .toList()
                .get(1);
    }

    @Test
    void keyIsDerivedOnceADay() {
        SigV4 signer = s3(USER).build();
        signer.sign("GET", OBJECT);
        String lastOfTheDay = signer.sign("GET", OBJECT).headers().get("Authorization");

        clock.advance(Duration.ofSeconds(1));
        String firstOfTheNext = signer.sign("GET", OBJECT).headers().get("Authorization");

        assertThat(lastOfTheDay).contains("/20240229/");
        assertThat(firstOfTheNext).contains("/20240301/");
        assertThat(signer.stats()).isEqualTo(new SigningStats(3, 2, Duration.ZERO));
    }

    @Test
    void credentialsAreAskedAtEachSignature() {
        List<Credentials> next = new ArrayList<>(List.of(USER, Credentials.of("OTHER", "secret"), USER));
        SigV4 signer = SigV4.s3("eu-central-1", () -> next.remove(0));

        List<String> authorizations = Stream.generate(() -> signer.sign("GET", OBJECT))
                .limit(3)
                .map(signed -> signed.headers().get("Authorization"))
                .toList();

        assertThat(authorizations.get(0)).contains("Credential=AKIDEXAMPLE/");
        assertThat(authorizations.get(1)).contains("Credential=OTHER/");
        assertThat(authorizations.get(2)).contains("Credential=AKIDEXAMPLE/");
    }

    @Test
    void clockGoesByTheServerOnceCorrected() {
        SigV4 signer = s3(USER).build();

        signer.correctClock(Instant.parse("2024-03-01T01:00:00Z"));
        clock.advance(Duration.ofSeconds(2));

        assertThat(signer.sign("GET", OBJECT).headers()).containsEntry("x-amz-date", "20240301T010002Z");
        assertThat(signer.stats().clockCorrection()).isEqualTo(Duration.ofSeconds(3601));
    }

    @Test
    void threadsShareASigner() {
        SigV4 signer = s3(SESSION).build();
        String expected = signer.sign("GET", OBJECT).signature();

        List<String> signatures = IntStream.range(0, 1000)
                .parallel()
                .mapToObj(i -> signer.sign("GET", OBJECT).signature())
                .distinct()
                .toList();

        assertThat(signatures).containsExactly(expected);
        assertThat(signer.stats().signatures()).isEqualTo(1001);
    }

    @Test
    void nothingShowsASecretInItsText() {
        SigV4 signer = s3(SESSION).build();
        Request request = Request.of("GET", URI.create(OBJECT + "?X-Amz-Security-Token=" + TOKEN.replace('/', '_')))
                .header("x-secret", SECRET);
        Signed signed = signer.sign(request);

        Stream<Object> objects = Stream.of(
                SESSION,
                signer,
                s3(SESSION),
                request,
                signed,
                signed.explain(),
                signer.stats(),
                DayKey.derive(SESSION, "20240229", "eu-central-1", "s3"));

        assertThat(objects.map(String::valueOf))
                .noneMatch(text ->
                        text.contains(SECRET) || text.contains("AQoDYXdz") || text.contains(signed.signature()));
    }

    @Test
    void textsNameWhatTheyAre() {
        SigV4 signer = s3(SESSION).build();
        Signed signed = signer.sign("GET", OBJECT);

        assertThat(signer).hasToString("SigV4[s3 in eu-central-1]");
        assertThat(signed)
                .hasToString("Signed[Request[GET bucket.s3.eu-central-1.amazonaws.com/a.txt], 20240229T235959Z, "
                        + "[Authorization, x-amz-date, x-amz-content-sha256, x-amz-security-token]]");
    }
}
