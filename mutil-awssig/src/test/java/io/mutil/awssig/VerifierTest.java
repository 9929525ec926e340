package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mutil.awssig.Verification.Accepted;
import io.mutil.awssig.Verification.Reason;
import io.mutil.awssig.Verification.Refused;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
    private static final String REGION = "eu-central-1";
    private static final Credentials WHO = Credentials.of("AKID", "wJalr");
    private static final Credentials GUEST = Credentials.of("ASIA", "wJalr2", "FwoG+/=");
    private static final URI OBJECT = URI.create("https://bucket.example.com/a%20b/c?x=1&list");
    private static final String TARGET = "/a%20b/c?x=1&list";
    private static final byte[] BODY = "hello".getBytes(UTF_8);

    private final ManualClock clock = new ManualClock("2030-01-01T00:00:00Z");
    private final Verifier verifier = verifier("s3");

    private Verifier verifier(String service) {
        return Verifier.builder(service, REGION, VerifierTest::find)
                .clock(clock)
                .build();
    }

    private static Optional<Credentials> find(String accessKey) {
        return List.of(WHO, GUEST).stream()
                .filter(who -> who.accessKey().equals(accessKey))
                .findFirst();
    }

    private SigV4 signer(String service, Credentials who) {
        return SigV4.builder(who).service(service).region(REGION).clock(clock).build();
    }

    private Map<String, List<String>> signed(String service, Credentials who, Request request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of("bucket.example.com"));
        signer(service, who).sign(request).headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return headers;
    }

    private Map<String, List<String>> put() {
        Map<String, List<String>> headers = signed(
                "s3",
                WHO,
                Request.of("PUT", OBJECT).header("X-Amz-Meta-Color", "red").payload(Payload.of(BODY)));
        headers.put("X-Amz-Meta-Color", List.of("red"));
        return headers;
    }

    private static String authorization(Map<String, List<String>> headers) {
        return Objects.requireNonNull(headers.get("Authorization")).get(0);
    }

    private static Map<String, List<String>> host() {
        return Map.of("host", List.of("bucket.example.com"));
    }

    private String link(Credentials who, Duration expiry) {
        URI uri = signer("s3", who).presign("GET", OBJECT, expiry);
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private Refused refused(Verification found) {
        assertThat(found).isInstanceOf(Refused.class);
        assertThat(found.isAccepted()).isFalse();
        assertThat(((Refused) found).message()).doesNotContain("wJalr", "FwoG").doesNotContainPattern("[0-9a-f]{32}");
        return (Refused) found;
    }

    private void assertRefused(Verification found, Reason reason, String part) {
        Refused refused = refused(found);
        assertThat(refused.message()).contains(part);
        assertThat(refused.reason()).isEqualTo(reason);
    }

    // accepted

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
    void acceptsOtherServicesWithTheBodyInTheSignature() {
        URI uri = URI.create("https://bucket.example.com/a/./b//c%20d/");
        Map<String, List<String>> headers =
                signed("execute-api", WHO, Request.of("POST", uri).payload(Payload.of(BODY)));

        Verifier api = verifier("execute-api");

        assertThat(api.verify("POST", "/a/./b//c%20d/", headers, BODY).isAccepted())
                .isTrue();
        assertRefused(
                api.verify("POST", "/a/./b//c%20d/", headers, "hallo".getBytes(UTF_8)), Reason.NO_MATCH, "signature");
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

    // what makes no difference to what is signed, and so must not to the verifier either

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

    // refused

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
                Verifier.builder("s3", "us-east-1", VerifierTest::find)
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

    // bodies

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

    // the verifier itself

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

        assertThat(Verifier.s3(REGION, VerifierTest::find)
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
        assertThat(Verifier.builder("execute-api", REGION, VerifierTest::find)
                        .clock(clock)
                        .pathRule(PathRule.AS_SENT)
                        .build()
                        .verify("GET", TARGET, headers)
                        .isAccepted())
                .isTrue();
    }

    @Test
    void checksItsArguments() {
        VerifierBuilder builder = Verifier.builder("s3", REGION, VerifierTest::find);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.skew(Duration.ZERO))
                .withMessage("skew must be from 1 second to 1 day, was PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.skew(Duration.ofDays(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxChunkBytes(0))
                .withMessage("maxChunkBytes must be positive, was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Verifier.s3("", VerifierTest::find));
        assertThatIllegalArgumentException().isThrownBy(() -> Verifier.builder("a/b", REGION, VerifierTest::find));
    }
}
