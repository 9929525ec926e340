package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the program prints for curl. */
class ProgramCurlTest extends ProgramFixture {
    @Test
    void printsAConfigurationForCurl() throws IOException {
        Path file = Files.writeString(folder.resolve("a \"body\"\nheader = b\r"), "hello");

        assertThat(run(
                        "--format",
                        "curl",
                        "-H",
                        "X-Note: \\ \"",
                        "-H",
                        "X-Empty:",
                        "--payload",
                        file.toString(),
                        "PUT",
                        URL))
                .isZero();

        assertThat(printed())
                .startsWith("url = \"" + URL
                        + "\"\npath-as-is\ngloboff\nrequest = \"PUT\"\nheader = \"X-Note: \\\\ \\\"\"\n"
                        + "header = \"X-Empty;\"\nheader = \"Authorization: AWS4-HMAC-SHA256 Credential=AKID/")
                .endsWith("upload-file = \"" + folder + "/a \\\"body\\\"\\nheader = b\\r\"\n");
    }

    @Test
    void printsNoHeaderThatTheSignatureReplaced() {
        String[] own = {
            "-H",
            "x-amz-DATE: old",
            "-H",
            "Authorization: old",
            "-H",
            "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD",
            "-H",
            "x-amz-acl: private",
            "-H",
            "User-Agent: test"
        };
        List<String> headers = new ArrayList<>(List.of(own));
        headers.addAll(List.of("PUT", URL));
        List<String> curl = new ArrayList<>(headers);
        curl.add("--format=curl");

        assertThat(run(headers.toArray(String[]::new))).isZero();
        assertThat(run(curl.toArray(String[]::new))).isZero();

        assertThat(printed())
                .doesNotContain("old")
                .containsOnlyOnce("\nx-amz-content-sha256: UNSIGNED-PAYLOAD\n")
                .containsOnlyOnce("header = \"x-amz-content-sha256: UNSIGNED-PAYLOAD\"\n")
                .contains("x-amz-acl: private\nUser-Agent: test\nAuthorization: ");
    }

    @Test
    void curlSaysThatThereIsNoBodyOnlyWhereItWasSigned() {
        assertThat(run("--format=curl", "PUT", URL)).isZero();
        assertThat(printed()).endsWith("header = \"Content-Length: 0\"\n");

        out.getBuffer().setLength(0);
        assertThat(run("--format=curl", "--unsigned-payload", "PUT", URL)).isZero();
        assertThat(run("--format=curl", "--presign=1h", "PUT", URL)).isZero();
        assertThat(run(
                        "--format=curl",
                        "-H",
                        "x-amz-content-sha256: " + Payload.of("a").hash(),
                        "PUT",
                        URL))
                .isZero();
        assertThat(run("--format=curl", "GET", URL)).isZero();
        assertThat(printed()).doesNotContain("Content-Length");
    }

    @Test
    void curlSaysTheLengthOfABodyOnce() {
        assertThat(run("--format=curl", "-H", "content-length: 0", "PUT", URL)).isZero();

        assertThat(printed()).contains("header = \"content-length: 0\"\n").doesNotContain("Content-Length");
    }

    @Test
    void printsNoHeaderForWhichALinkHasAParameter() {
        String hash = Payload.of("body").hash();

        assertThat(run(
                        "--format=curl",
                        "--presign=1h",
                        "-H",
                        "x-amz-content-sha256: " + hash,
                        "-H",
                        "Authorization: old",
                        "-H",
                        "x-amz-acl: private",
                        "-H",
                        "User-Agent: test",
                        "PUT",
                        URL))
                .isZero();

        assertThat(printed())
                .contains("X-Amz-Content-Sha256=" + hash)
                .endsWith("request = \"PUT\"\nheader = \"x-amz-acl: private\"\nheader = \"User-Agent: test\"\n");
    }

    @Test
    void curlAddsNoNameToAnAddressThatEndsInASlash() throws IOException {
        Path file = Files.writeString(folder.resolve("body"), "{}");

        assertThat(run(
                        "--format",
                        "curl",
                        "--payload",
                        file.toString(),
                        "POST",
                        "https://dynamodb.eu-central-1.amazonaws.com/"))
                .isZero();

        assertThat(printed())
                .doesNotContain("upload-file")
                .endsWith("data-binary = \"@" + file + "\"\nheader = \"Content-Type:\"\n");
    }

    @Test
    void printsAConfigurationForCurlWithALink() {
        assertThat(run("--format=curl", "--presign=1h", "HEAD", URL)).isZero();

        assertThat(printed())
                .startsWith("url = \"https://bucket")
                .contains("X-Amz-Signature=")
                .endsWith("\npath-as-is\ngloboff\nhead\n");
    }
}
