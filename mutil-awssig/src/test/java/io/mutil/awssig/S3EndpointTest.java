package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3EndpointTest {
    private static final URI LOCAL = URI.create("http://localhost:9000");

    @Example
    void presetsKnowTheirHosts() {
        assertThat(S3Endpoint.aws("eu-central-1").uri("b", "k"))
                .hasToString("https://b.s3.eu-central-1.amazonaws.com/k");
        assertThat(S3Endpoint.aws("cn-north-1").uri("b", "k"))
                .hasToString("https://b.s3.cn-north-1.amazonaws.com.cn/k");
        assertThat(S3Endpoint.b2("us-west-001").uri("b", "k"))
                .hasToString("https://b.s3.us-west-001.backblazeb2.com/k");
        assertThat(S3Endpoint.wasabi("eu-central-1").uri("b", "k"))
                .hasToString("https://b.s3.eu-central-1.wasabisys.com/k");
        assertThat(S3Endpoint.r2("0123abcd").uri("b", "k"))
                .hasToString("https://0123abcd.r2.cloudflarestorage.com/b/k");
        assertThat(S3Endpoint.minio(LOCAL).uri("b", "k")).hasToString("http://localhost:9000/b/k");
        assertThat(S3Endpoint.of(LOCAL, "garage").uri("b")).hasToString("http://b.localhost:9000/");
    }

    @Example
    void presetsKnowTheirRegions() {
        assertThat(S3Endpoint.b2("us-west-001").region()).isEqualTo("us-west-001");
        assertThat(S3Endpoint.r2("0123abcd").region()).isEqualTo("auto");
        assertThat(S3Endpoint.minio(LOCAL).region()).isEqualTo("us-east-1");
        assertThat(S3Endpoint.of(LOCAL, "garage").region()).isEqualTo("garage");
    }

    @ParameterizedTest
    @CsvSource({
        "a b, /a%20b",
        "a+b, /a%2Bb",
        "a%2Fb, /a%252Fb",
        "~a, /~a",
        "日本/😀, /%E6%97%A5%E6%9C%AC/%F0%9F%98%80",
        "a//b/, /a//b/",
        "/a, //a",
        "a/../b/., /a/../b/.",
        "k=v:@!$&'()*;?#, /k%3Dv%3A%40%21%24%26%27%28%29%2A%3B%3F%23",
        "'', /"
    })
    void keyIsEncodedOnce(String key, String path) {
        assertThat(S3Endpoint.aws("eu-central-1").uri("b", key).getRawPath()).isEqualTo(path);
    }

    @Property
    void keyIsWhatTheServerDecodes(@ForAll String key) {
        assumeThat(StandardCharsets.UTF_8.newEncoder().canEncode(key)).isTrue();

        URI uri = S3Endpoint.minio(LOCAL).uri("bucket", key);

        assertThat(uri.getPath()).isEqualTo("/bucket/" + key);
        assertThat(PathRule.AS_SENT.canonical(uri.getRawPath())).isEqualTo(uri.getRawPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"my.bucket", "Bucket", "my_bucket"})
    void bucketThatIsNoHostLabelGoesIntoThePath(String bucket) {
        assertThat(S3Endpoint.aws("eu-central-1").uri(bucket, "k"))
                .hasToString("https://s3.eu-central-1.amazonaws.com/" + bucket + "/k");
    }

    @Example
    void pathStyleIsOneCallAway() {
        assertThat(S3Endpoint.aws("eu-central-1").pathStyle().uri("b", "k"))
                .hasToString("https://s3.eu-central-1.amazonaws.com/b/k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b"})
    void bucketThatIsNoNameIsRefused(String bucket) {
        assertThatThrownBy(() -> S3Endpoint.minio(LOCAL).uri(bucket))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bucket must be a name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "http:/a",
                "http://localhost/path",
                "http://localhost/?secret",
                "http://localhost#secret"
            })
    void baseThatSaysMoreOrLessThanAHostIsRefused(URI base) {
        assertThatThrownBy(() -> S3Endpoint.of(base, "r"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scheme, host and port alone")
                .hasMessageNotContaining("secret");
    }

    @Example
    void baseWithAUserIsRefusedWithoutShowingIt() {
        URI base = URI.create("http://user:password@localhost:9000");

        assertThatThrownBy(() -> S3Endpoint.of(base, "r"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give Credentials to the signer")
                .message()
                .doesNotContain("user:", "password");
    }

    @Example
    void accountOfAJurisdictionHasADot() {
        assertThat(S3Endpoint.r2("0123abcd.eu").uri("b", "k"))
                .hasToString("https://0123abcd.eu.r2.cloudflarestorage.com/b/k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eu central", "a/b", "evil.example/", ".", "eu..central", "user@evil"})
    void regionThatWouldLeaveTheHostIsRefused(String region) {
        assertThatThrownBy(() -> S3Endpoint.aws(region))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("letters, digits and hyphens");
    }
}
