package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in process. */
class ProgramTest {
    private static final String URL = "https://bucket.s3.eu-central-1.amazonaws.com/a%20b?x=1";

    private final SettableClock clock = new SettableClock("2030-01-01T00:00:00Z");
    private final Map<String, String> variables = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path folder;

    @BeforeEach
    void environment(@TempDir Path folder) {
        this.folder = folder;
        variables.put("HOME", folder.toString());
        variables.put("AWS_ACCESS_KEY_ID", "AKID");
        variables.put("AWS_SECRET_ACCESS_KEY", "wJalr");
    }

    private int run(String... arguments) {
        return Main.run(variables::get, clock, new PrintWriter(out), new PrintWriter(err, true), arguments);
    }

    private SigV4 signer(String service, String region) {
        return SigV4.builder(Credentials.of("AKID", "wJalr"))
                .service(service)
                .region(region)
                .clock(clock)
                .build();
    }

    private static String lines(Map<String, String> headers) {
        var lines = new StringBuilder();
        headers.forEach(
                (name, value) -> lines.append(name).append(": ").append(value).append('\n'));
        return lines.toString();
    }

    private String printed() {
        assertThat(err.toString()).isEmpty();
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    private void assertUsage(String message) {
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo("awssig: " + message + "\n--help tells all options\n");
    }

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
    void printsAConfigurationForCurl() throws IOException {
        Path file = Files.writeString(folder.resolve("a \"body\""), "hello");

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
                .endsWith("upload-file = \"" + folder + "/a \\\"body\\\"\"\n");
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
        "mailto:a@b, mailto:a@b",
        "//user:secret@host/, //...@host/"
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

    @Test
    void helps() {
        assertThat(run("--help")).isZero();
        assertThat(run("--version")).isZero();

        assertThat(printed())
                .contains("Usage: awssig [OPTION]... METHOD URL", "--presign", "Exit status:", "awssig (not from");
        assertThat(printed().lines()).allMatch(line -> line.length() <= 120);
    }
}
