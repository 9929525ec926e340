package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in process. */
class ProgramTest extends ProgramFixture {
    @Test
    void printsTheHeaders() {
        assertThat(run("GET", URL)).isZero();

        assertThat(printed())
                .isEqualTo(lines(signer("s3", "eu-central-1")
                        .sign("GET", URI.create(URL))
                        .headers()));
    }

    @Test
    void signsHeadersAndPayload() throws IOException {
        Path file = Files.writeString(folder.resolve("body"), "hello");

        assertThat(run(
                        "-H",
                        "Content-Type:text/plain",
                        "--header=x-amz-acl: private",
                        "--payload",
                        file.toString(),
                        "PUT",
                        URL))
                .isZero();

        Request request = Request.of("PUT", URI.create(URL))
                .header("Content-Type", "text/plain")
                .header("x-amz-acl", "private")
                .payload(Payload.of("hello"));
        assertThat(printed())
                .isEqualTo("Content-Type: text/plain\nx-amz-acl: private\n"
                        + lines(signer("s3", "eu-central-1").sign(request).headers()));
    }

    @Test
    void leavesThePayloadOut() {
        assertThat(run("PUT", "--unsigned-payload", URL)).isZero();

        assertThat(printed()).contains("x-amz-content-sha256: UNSIGNED-PAYLOAD\n");
    }

    @Test
    void printsALink() {
        assertThat(run("--presign", "1h", "GET", URL)).isZero();

        assertThat(printed())
                .isEqualTo(signer("s3", "eu-central-1").presign("GET", URI.create(URL), Duration.ofHours(1)) + "\n");
    }

    @ParameterizedTest
    @CsvSource({"30s, 30", "5m, 300", "1h, 3600", "7d, 604800"})
    void knowsTimes(String time, int seconds) {
        assertThat(run("--presign", time, "GET", URL)).isZero();

        assertThat(printed()).contains("X-Amz-Expires=" + seconds + "&");
    }

    @Test
    void explains() {
        assertThat(run("--explain", "GET", URL)).isZero();

        Explanation explanation =
                signer("s3", "eu-central-1").sign("GET", URI.create(URL)).explain();
        assertThat(printed())
                .isEqualTo("canonical request:\n" + explanation.canonicalRequest() + "\n\nstring to sign:\n"
                        + explanation.stringToSign() + "\n");
    }

    @Test
    void explainsALink() {
        assertThat(run("--explain", "--presign", "1h", "GET", URL)).isZero();

        assertThat(printed()).contains("X-Amz-Expires=3600", "UNSIGNED-PAYLOAD", "string to sign:\nAWS4-HMAC-SHA256\n");
    }

    @Test
    void takesServiceAndRegionWhereTheHostTellsNone() {
        assertThat(run("--service", "execute-api", "--region", "eu-west-1", "GET", "http://localhost:8080/"))
                .isZero();

        assertThat(printed()).contains("/20300101/eu-west-1/execute-api/aws4_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_REGION", "AWS_DEFAULT_REGION"})
    void takesTheRegionOfTheEnvironmentWhereTheHostTellsNone(String variable) {
        variables.put(variable, "eu-west-3");

        assertThat(run("--service", "s3", "GET", "http://localhost:8080/")).isZero();

        assertThat(printed()).contains("/20300101/eu-west-3/s3/aws4_request");
    }

    @Test
    void asksForTheRegionAloneOfABucketThatMayBeAnywhere() {
        String url = "https://bucket.s3.amazonaws.com/a";
        assertThat(run("GET", url)).isEqualTo(2);
        assertUsage("the host bucket.s3.amazonaws.com does not tell the region; give --region");

        err.getBuffer().setLength(0);
        variables.put("AWS_REGION", "eu-west-3");
        assertThat(run("GET", url)).isZero();
        assertThat(run("--region=eu-west-1", "GET", url)).isZero();

        assertThat(printed()).contains("/20300101/eu-west-3/s3/aws4_request", "/20300101/eu-west-1/s3/aws4_request");
    }

    @Test
    void prefersTheRegionOfTheHostToThatOfTheEnvironment() {
        variables.put("AWS_REGION", "eu-west-3");

        assertThat(run("GET", URL)).isZero();

        assertThat(printed()).contains("/eu-central-1/s3/");
    }

    @Test
    void takesTheCredentialsOfAProfile() throws IOException {
        Files.createDirectory(folder.resolve(".aws"));
        Files.writeString(folder.resolve(".aws/credentials"), """
                [default]
                aws_access_key_id = DEFAULT
                aws_secret_access_key = x
                [dev]
                aws_access_key_id = DEV
                aws_secret_access_key = x
                aws_session_token = FwoG
                """);

        assertThat(run("--profile", "dev", "GET", URL)).isZero();
        variables.remove("AWS_ACCESS_KEY_ID");
        variables.remove("AWS_SECRET_ACCESS_KEY");
        assertThat(run("GET", URL)).isZero();

        assertThat(printed()).contains("Credential=DEV/", "x-amz-security-token: FwoG", "Credential=DEFAULT/");
    }

    @Test
    void failsWithoutCredentials() {
        variables.remove("AWS_ACCESS_KEY_ID");
        variables.remove("AWS_SECRET_ACCESS_KEY");

        assertThat(run("GET", URL)).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith(
                        "awssig: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set in the environment; set and export "
                                + "both; or: there is no profile default");
    }

    @Test
    void failsWithoutThePayload() {
        assertThat(run("--payload", folder.resolve("none").toString(), "PUT", URL))
                .isEqualTo(1);

        assertThat(err.toString()).startsWith("awssig: --payload must name a file that can be read, was " + folder);
    }

    @Test
    void refusesAHostThatTellsNothing() {
        assertThat(run("GET", "http://localhost:8080/")).isEqualTo(2);

        assertUsage("the host localhost:8080 does not tell service and region; give --service and --region");
    }

    @Test
    void asksForNoMoreThanIsMissing() {
        assertThat(run("--service", "s3", "GET", "http://my_store:9000/")).isEqualTo(2);
        assertUsage("the host my_store:9000 does not tell the region; give --region");

        err.getBuffer().setLength(0);
        assertThat(run("--region", "eu-west-1", "GET", "http://my_store:9000/")).isEqualTo(2);
        assertUsage("the host my_store:9000 does not tell the service; give --service");

        err.getBuffer().setLength(0);
        variables.put("AWS_REGION", "eu-west-1");
        assertThat(run("GET", "http://my_store:9000/")).isEqualTo(2);
        assertUsage("the host my_store:9000 does not tell the service; give --service");
    }

    @Test
    void takesAHostThatIsNoneOfTheInternet() {
        assertThat(run("--service=s3", "--region=auto", "GET", "http://my_store:9000/"))
                .isZero();

        assertThat(printed()).contains("/20300101/auto/s3/aws4_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://:443/a", "https://user@/a"})
    void refusesAUrlWithoutAHost(String url) {
        assertThat(run("GET", url)).isEqualTo(2);

        assertThat(err.toString()).startsWith("awssig: uri must name a host");
    }

    @Test
    void refusesAFragment() {
        assertThat(run("GET", "https://bucket.s3.eu-central-1.amazonaws.com/a#b"))
                .isEqualTo(2);

        assertThat(err.toString()).contains("write %23");
    }

    @Test
    void failsWhereItsOutputCannotBeWritten() {
        var full = new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });

        int status = Main.run(variables::get, clock, full, new PrintWriter(err, true), "GET", URL);

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).startsWith("awssig: the output cannot be written");
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/a b?secret, https://example.com/a b?...",
        "/a, /a",
        "example.com, example.com",
        "mailto:b, mailto:b",
        "//user:secret@host/, ...@host/",
        "user:secret@host/, ...@host/"
    })
    void refusesWhatIsNoUrl(String url, String shown) {
        assertThat(run("GET", url)).isEqualTo(2);

        assertThat(err.toString())
                .contains("'" + shown + "' must be a URL as https://host/path")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1w", "h", "-1h", "", "1.5h", "99999999h"})
    void refusesTimesThatAreNone(String time) {
        assertThat(run("--presign", time, "GET", URL)).isEqualTo(2);

        assertThat(err.toString()).contains("'" + time + "' is not understood; write it as 30s, 5m, 1h or 7d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "8d"})
    void refusesLinksThatLiveTooShortOrTooLong(String time) {
        assertThat(run("--presign", time, "GET", URL)).isEqualTo(2);

        assertThat(err.toString()).contains("from 1 second to 7 days");
    }

    @Test
    void refusesTheRest() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("GET")).isEqualTo(2);
        assertThat(run("GET", URL, "more")).isEqualTo(2);
        assertThat(run("G T", URL)).isEqualTo(2);
        assertThat(run("-H", "secret", "GET", URL)).isEqualTo(2);
        assertThat(run("-H", "a b: c", "GET", URL)).isEqualTo(2);
        assertThat(run("--format", "xml", "GET", URL)).isEqualTo(2);
        assertThat(run("--region", "a/b", "GET", URL)).isEqualTo(2);
        assertThat(run("--payload", "a", "--unsigned-payload", "GET", URL)).isEqualTo(2);
        assertThat(run("--what", "GET", URL)).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("a header without a colon").doesNotContain("secret", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nuser-agent = other", "a\rb", "a\r\n b"})
    void refusesAHeaderThatWouldPrintAnotherLine(String value) {
        assertThat(run("-H", "x-amz-meta-note: " + value, "PUT", URL)).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("line break in its value").doesNotContain("a\n", "a\r");
    }

    @Test
    void takesAHeaderThatEndsInALineBreak() {
        assertThat(run("-H", "x-amz-meta-note: a\n", "PUT", URL)).isZero();

        assertThat(printed()).startsWith("x-amz-meta-note: a\nAuthorization: ");
    }

    @Test
    void helps() {
        assertThat(run("--help")).isZero();
        assertThat(run("--version")).isZero();

        assertThat(printed())
                .contains("Usage: awssig [OPTION]... METHOD URL", "--presign", "Exit status:", "awssig (not from");
        assertThat(printed().lines()).allMatch(line -> line.length() <= 120);
    }
}
