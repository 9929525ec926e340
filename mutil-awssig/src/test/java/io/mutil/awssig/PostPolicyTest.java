package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The example is the one of the S3 API reference, "Browser-Based Upload using HTTP POST", which is made for such tests. */
class PostPolicyTest {
    private static final Credentials EXAMPLE =
            Credentials.of("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    private static final String EXAMPLE_POLICY = """
            { "expiration": "2015-12-30T12:00:00.000Z",
              "conditions": [
                {"bucket": "sigv4examplebucket"},
                ["starts-with", "$key", "user/user1/"],
                {"acl": "public-read"},
                {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
                ["starts-with", "$Content-Type", "image/"],
                {"x-amz-meta-uuid": "14365123651274"},
                {"x-amz-server-side-encryption": "AES256"},
                ["starts-with", "$x-amz-meta-tag", ""],

                {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
                {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
                {"x-amz-date": "20151229T000000Z" }
              ]
            }""";

    private final SettableClock clock = new SettableClock("2015-12-29T00:00:00.999Z");

    private PostPolicy example() {
        return PostPolicy.forBucket("sigv4examplebucket")
                .keyStartsWith("user/user1/")
                .field("acl", "public-read")
                .field("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html")
                .startsWith("Content-Type", "image/")
                .field("x-amz-meta-uuid", "14365123651274")
                .field("x-amz-server-side-encryption", "AES256")
                .startsWith("x-amz-meta-tag", "")
                .validFor(Duration.ofHours(36))
                .clock(clock);
    }

    private static JsonNode policy(Map<String, String> form) {
        byte[] json = Base64.getDecoder().decode(form.get("policy"));
        return new JsonMapper().readTree(new String(json, StandardCharsets.UTF_8));
    }

    @Test
    void signsTheExampleOfTheDocumentationAsItIsThere() {
        String base64 = Base64.getEncoder()
                .encodeToString(EXAMPLE_POLICY.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        DayKey key = DayKey.derive(EXAMPLE, "20151229", "us-east-1", "s3");

        assertThat(base64)
                .startsWith("eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6");
        assertThat(PostPolicy.signature(base64, key))
                .isEqualTo("8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }

    @Test
    void writesThePolicyOfTheExample() {
        JsonNode written = policy(example().sign("us-east-1", EXAMPLE));

        JsonNode wanted = new JsonMapper().readTree(EXAMPLE_POLICY);
        assertThat(written.get("expiration")).isEqualTo(wanted.get("expiration"));
        assertThat(written.get("conditions")).containsExactlyInAnyOrderElementsOf(wanted.get("conditions"));
    }

    @Test
    void givesTheFieldsInTheirOrderAndSignsWhatItGives() {
        Map<String, String> form = example().sign("us-east-1", () -> EXAMPLE);

        assertThat(form.keySet())
                .containsExactly(
                        "acl",
                        "success_action_redirect",
                        "x-amz-meta-uuid",
                        "x-amz-server-side-encryption",
                        "key",
                        "x-amz-algorithm",
                        "x-amz-credential",
                        "x-amz-date",
                        "policy",
                        "x-amz-signature");
        assertThat(form)
                .containsEntry("key", "user/user1/${filename}")
                .containsEntry("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request")
                .containsEntry("x-amz-date", "20151229T000000Z");
        DayKey key = DayKey.derive(EXAMPLE, "20151229", "us-east-1", "s3");
        assertThat(form.get("x-amz-signature")).isEqualTo(PostPolicy.signature(form.getOrDefault("policy", ""), key));
    }

    @Test
    void limitsTheLengthAndWritesOddCharacters() {
        JsonNode written = policy(PostPolicy.forBucket("b")
                .key("a \"quoted\" \\ \u00e9\ud83d\ude00\n")
                .contentLength(0, 5_000_000_000L)
                .clock(clock)
                .sign("us-east-1", EXAMPLE));

        assertThat(written.get("expiration").asString()).isEqualTo("2015-12-29T01:00:00.000Z");
        assertThat(written.get("conditions").toString())
                .contains("[\"content-length-range\",0,5000000000]")
                .contains("\"content-length-range\"");
        assertThat(written.get("conditions").get(1).get("key").asString())
                .isEqualTo("a \"quoted\" \\ \u00e9\ud83d\ude00\n");
    }

    @Test
    void signsTheTokenOfASession() {
        Map<String, String> form = PostPolicy.forBucket("b")
                .key("k")
                .clock(clock)
                .sign("us-east-1", Credentials.of("ASIA", "secret", "FwoG"));

        assertThat(form).containsEntry("x-amz-security-token", "FwoG");
        assertThat(policy(form).get("conditions").toString()).contains("{\"x-amz-security-token\":\"FwoG\"}");
    }

    @Test
    void needsAKey() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PostPolicy.forBucket("b").sign("us-east-1", EXAMPLE))
                .withMessage("a policy needs key() or keyStartsWith(), has neither");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostPolicy.forBucket("b").key("k").keyStartsWith("k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bucket", "Policy", "file", "X-Amz-Date", "x-amz-signature", "x-amz-security-token"})
    void setsTheFieldsOfTheSignatureItself(String name) {
        PostPolicy policy = PostPolicy.forBucket("b");

        assertThatIllegalArgumentException().isThrownBy(() -> policy.field(name, "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy.startsWith(name, "x"))
                .withMessage(
                        "field must be one that the signature does not set itself, was \"" + name + "\"; leave it out");
    }

    @Test
    void takesOneConditionForAField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostPolicy.forBucket("b").field("acl", "x").startsWith("ACL", "y"))
                .withMessageContaining("a second");
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "2, 1"})
    void refusesLengthsThatAreNone(long min, long max) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostPolicy.forBucket("b").contentLength(min, max))
                .withMessageEndingWith("was " + min + " to " + max);
    }

    @Test
    void checksTheRest() {
        PostPolicy policy = PostPolicy.forBucket("b").key("k");
        for (Duration validity : List.of(Duration.ZERO, Duration.ofDays(7).plusSeconds(1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> policy.validFor(validity));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> PostPolicy.forBucket(""));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.sign("a/b", EXAMPLE));
    }
}
