package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Mutations;
import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {
    private static final URI OBJECT = URI.create("https://bucket.s3.eu-central-1.amazonaws.com/year=2024/a.txt?x=1");
    private static final Credentials SESSION = Credentials.of("AKIDEXAMPLE", "secret", "the+token");

    private final SettableClock clock = new SettableClock("2024-02-29T23:59:59Z");
    private final SigV4 s3 = SigV4.builder(SESSION)
            .service("s3")
            .region("eu-central-1")
            .clock(clock)
            .build();
    private final Explanation explanation = s3.sign("GET", OBJECT).explain();

    /** As S3 answers. */
    private static String answer(String canonicalRequest, String stringToSign) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the \
                signature you provided. Check your key and signing method.</Message><AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId>\
                <StringToSign>%s</StringToSign><SignatureProvided>0123</SignatureProvided><StringToSignBytes>41 57 53\
                </StringToSignBytes><CanonicalRequest>%s</CanonicalRequest><CanonicalRequestBytes>47 45 54\
                </CanonicalRequestBytes><RequestId>4442587FB7D0A2F9</RequestId></Error>""".formatted(stringToSign.replace("&", "&amp;"), canonicalRequest.replace("&", "&amp;"));
    }

    @Test
    void hasTheTextsThatAreSigned() {
        assertThat(explanation.canonicalRequest()).isEqualTo("""
                        GET
                        /year=2024/a.txt
                        x=1
                        host:bucket.s3.eu-central-1.amazonaws.com
                        x-amz-content-sha256:%1$s
                        x-amz-date:20240229T235959Z
                        x-amz-security-token:the+token

                        host;x-amz-content-sha256;x-amz-date;x-amz-security-token
                        %1$s""".formatted(Sha256.OF_NOTHING));
        assertThat(explanation.stringToSign())
                .startsWith("AWS4-HMAC-SHA256\n20240229T235959Z\n20240229/eu-central-1/s3/aws4_request\n")
                .hasLineCount(4);
    }

    @Test
    void namesThePathThatTheServerReadOtherwiseAsTheReadmeShows() throws IOException {
        String server = explanation.canonicalRequest().replace("/year=2024", "/year%3D2024");

        String difference = explanation.differenceTo(answer(server, explanation.stringToSign()));

        assertThat(QuotedCode.textOfMarkdown(Path.of("README.md"))).containsExactly(difference);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, PUT, method, GET, PUT",
        "x=1, x=1&y=2, query, x=1, x=1&y=2",
        "bucket.s3, other.s3, header host, bucket.s3.eu-central-1.amazonaws.com, other.s3.eu-central-1.amazonaws.com"
    })
    void namesWhatElseDiffers(String ours, String theirs, String what, String here, String there) {
        String server = explanation.canonicalRequest().replaceFirst(ours, theirs);

        assertThat(explanation.differenceTo(answer(server, explanation.stringToSign())))
                .isEqualTo("The %s differs:\n  signed here: %s\n  server read: %s\n".formatted(what, here, there));
    }

    @Test
    void namesAHeaderThatOnlyOneSideHas() {
        String server = explanation.canonicalRequest().replace("x-amz-date:", "range:bytes=0-9\nx-amz-date:");

        assertThat(explanation.differenceTo(answer(server, explanation.stringToSign())))
                .isEqualTo("The header range differs:\n  signed here: (none)\n  server read: bytes=0-9\n");
    }

    @Test
    void doesNotShowTheToken() {
        String server = explanation.canonicalRequest().replace("the+token", "the token");

        assertThat(explanation.differenceTo(answer(server, explanation.stringToSign())))
                .isEqualTo("""
                        The header x-amz-security-token differs:
                          signed here: (a secret)
                          server read: (a secret, which is another one)
                        """);
    }

    @Test
    void doesNotShowTheTokenOfALink() {
        Explanation link = s3.explain(Request.of("GET", OBJECT), Duration.ofHours(1));
        String server = link.canonicalRequest().replace("the%2Btoken", "the%20token");

        assertThat(link.differenceTo(answer(server, link.stringToSign())))
                .isEqualTo("A secret in the query differs, such as the token of a session.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-server-side-encryption-customer-key",
                "x-amz-copy-source-server-side-encryption-customer-key",
                "x-amz-s3session-token",
                "x-api-key",
                "cookie"
            })
    void doesNotShowAHeaderThatLetsSomebodyIn(String name) {
        Explanation signed =
                s3.sign(Request.of("GET", OBJECT).header(name, "very-secret")).explain();
        String changed = signed.canonicalRequest().replace("very-secret", "most-secret");
        String dropped = signed.canonicalRequest().replace(name + ":very-secret\n", "");

        assertThat(signed.differenceTo(answer(changed, signed.stringToSign())))
                .contains("header " + name + " differs", "another one")
                .doesNotContain("very-secret", "most-secret");
        assertThat(signed.differenceTo(answer(dropped, signed.stringToSign())))
                .isEqualTo("The header " + name + " differs:\n  signed here: (a secret)\n  server read: (none)\n");
    }

    @Test
    void doesNotShowASecretInTheQuery() {
        Request request = Request.of("GET", URI.create(OBJECT + "&x-api-key=very-secret"));
        Explanation signed = s3.sign(request).explain();
        String server = signed.canonicalRequest().replace("x=1&", "x=2&");

        assertThat(signed.differenceTo(answer(server, signed.stringToSign())))
                .isEqualTo("The query differs:\n  signed here: x=1&x-api-key=...\n  server read: x=2&x-api-key=...\n");
    }

    @Test
    void namesTheScopeWhereTheRequestsAgree() {
        String server = explanation.stringToSign().replace("eu-central-1", "us-east-1");

        assertThat(explanation.differenceTo(answer(explanation.canonicalRequest(), server)))
                .isEqualTo("""
                        The scope (day, region, service) differs:
                          signed here: 20240229/eu-central-1/s3/aws4_request
                          server read: 20240229/us-east-1/s3/aws4_request
                        """);
    }

    @Test
    void blamesTheSecretWhereAllTextsAgree() {
        assertThat(explanation.differenceTo(answer(explanation.canonicalRequest(), explanation.stringToSign())))
                .startsWith("Both sides signed the same text, so the secret differs");
    }

    @Test
    void goesByTheTimeOfTheRequest() {
        String server = answer(explanation.canonicalRequest(), explanation.stringToSign());

        clock.advance(Duration.ofDays(1));
        Explanation later = s3.explain("GET", OBJECT, Map.of(), Payload.empty());

        assertThat(later.canonicalRequest()).isNotEqualTo(explanation.canonicalRequest());
        assertThat(later.differenceTo(server)).startsWith("Both sides signed the same text");
    }

    @Test
    void timeThatIsNoneIsADifference() {
        String server = explanation.stringToSign().replace("20240229T235959Z", "Thu, 29 Feb 2024");

        assertThat(explanation.differenceTo(answer(explanation.canonicalRequest(), server)))
                .contains("The time differs:", "server read: Thu, 29 Feb 2024");
    }

    @Test
    void readsTheMessageOfOtherServices() {
        String server = explanation.canonicalRequest().replace("/year=2024", "/year%3D2024");

        assertThat(explanation.differenceTo(message(server, explanation.stringToSign())))
                .startsWith("The path differs:")
                .doesNotContain("The header");
    }

    /** As other services answer. */
    private static String message(String canonicalRequest, String stringToSign) {
        return ("{\"message\":\"The request signature we calculated does not match the signature you provided. "
                        + "Check your AWS Secret Access Key and signing method.\n\nThe Canonical String for this request should have "
                        + "been\n'" + canonicalRequest + "'\n\nThe String-to-Sign should have been\n'" + stringToSign
                        + "'\n\"}")
                .replace("\n", "\\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's", "'its'", "its'", "'"})
    void apostrophesOfAHeaderDoNotEndTheQuote(String value) {
        Explanation signed =
                s3.sign(Request.of("GET", OBJECT).header("z", value)).explain();
        String server = signed.canonicalRequest().replace("GET", "PUT");

        assertThat(signed.differenceTo(message(server, signed.stringToSign())))
                .isEqualTo("The method differs:\n  signed here: GET\n  server read: PUT\n");
    }

    @Test
    void apostrophesAfterTheQuotesDoNotCount() {
        String toSign = explanation.stringToSign().replace("eu-central-1", "us-east-1");
        String message = message(explanation.canonicalRequest(), toSign) + ",\"hint\":\"it's the region\"}";

        assertThat(explanation.differenceTo(message))
                .startsWith("The scope (day, region, service) differs:")
                .doesNotContain("hint", "hash");
    }

    @Test
    void messageMayQuoteTheCanonicalRequestAlone() {
        String server = explanation.canonicalRequest().replace("GET", "PUT");
        String message = message(server, "");

        assertThat(explanation.differenceTo(message.substring(0, message.indexOf("\\n\\nThe String-to-Sign"))))
                .startsWith("The method differs:");
    }

    @ParameterizedTest
    @CsvSource({
        "RequestTimeTooSkewed, correctClock",
        "InvalidAccessKeyId, does not know the access key",
        "ExpiredToken, get new credentials",
        "AccessDenied, nothing to compare"
    })
    void advisesWhereThereIsNothingToCompare(String code, String advice) {
        assertThat(explanation.differenceTo("<Error><Code>" + code + "</Code></Error>"))
                .contains(code, advice);
    }

    @Test
    void tellsTheRegionThatTheServerWants() {
        String answer = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>";

        assertThat(explanation.differenceTo(answer)).contains("which should be us-west-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAYLOAD", "TRAILER"})
    void blamesTheBodyWhereAChunkIsRefused(String kind) {
        String answer = "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>AWS4-HMAC-SHA256-" + kind
                + "\n20240229T235959Z</StringToSign></Error>";

        assertThat(explanation.differenceTo(answer)).startsWith("The request was accepted, but not a chunk");
    }

    @Test
    void damagedAnswersAreReadOrRefused() {
        byte[] xml = answer(explanation.canonicalRequest(), explanation.stringToSign())
                .getBytes(UTF_8);
        Random random = new Random(1);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            try {
                assertThat(explanation.differenceTo(new String(Mutations.damaged(xml, 1, random), UTF_8)))
                        .isNotEmpty();
                read++;
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }

        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void readsNoExternalEntity(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "content of a file");
        String answer = "<!DOCTYPE e [<!ENTITY x SYSTEM \"" + file.toUri() + "\">]>"
                + "<Error><Code>&x;</Code><CanonicalRequest>&x;</CanonicalRequest></Error>";

        String seen;
        try {
            seen = explanation.differenceTo(answer);
        } catch (IllegalArgumentException e) {
            seen = String.valueOf(e.getMessage());
        }

        assertThat(seen).doesNotContain("content of a file").isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', began with", "forbidden, began with \"forbidden\"", "<Error><Code>, no XML"})
    void whatIsNoAnswerIsRefused(String body, String message) {
        assertThatThrownBy(() -> explanation.differenceTo(body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
