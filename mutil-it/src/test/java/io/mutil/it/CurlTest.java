package io.mutil.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program prints for curl, the curl of this machine sends so that S3Proxy takes it. */
class CurlTest extends S3ProxyFixture {
    /** Odd for a path, for a shell and for curl, which would take brackets and braces for patterns. */
    private static final String KEY = "a b/[1-3]{x,y}/\u20ac \"+=%2F";

    private Path folder;

    @BeforeEach
    void folder(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeAll
    static void findCurl() throws Exception {
        boolean there = true;
        try {
            new ProcessBuilder("curl", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, "skipped: this machine has no curl");
    }

    private String run(List<String> command) throws Exception {
        File output = Files.createTempFile(folder, "out", "").toFile();
        var builder = new ProcessBuilder(command).redirectOutput(output).redirectErrorStream(true);
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("AWS_") || name.endsWith("JAVA_OPTIONS"));
        variables.remove("JAVA_TOOL_OPTIONS");
        variables.put("HOME", folder.toString());
        variables.put("AWS_ACCESS_KEY_ID", WHO.accessKey());
        variables.put("AWS_SECRET_ACCESS_KEY", SECRET);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output.toPath());
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    /** A configuration for curl. */
    private Path program(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.mutil.awssig.Main",
                "--format=curl",
                "--service=s3",
                "--region=us-east-1"));
        command.addAll(List.of(arguments));
        return Files.writeString(folder.resolve("curl.config"), run(command));
    }

    /** Gives what the server answers, and its status. */
    private String curl(Path config, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-q", "--silent", "--show-error", "--noproxy", "*"));
        command.addAll(List.of("--write-out", " %{http_code}", "--config", config.toString()));
        command.addAll(List.of(more));
        return run(command);
    }

    @Test
    void sendsAnObjectWithItsHeadersAndGetsIt() throws Exception {
        URI uri = object(KEY);
        Path file = Files.writeString(folder.resolve("a [body]\n\"1\""), "na\u00efve");

        String put = curl(program(
                "-H",
                "Content-Type: text/x-note",
                "-H",
                "x-amz-meta-note: a  \"b\" \\ c",
                "-H",
                "X-Empty:",
                "-H",
                "X-Amz-Date: 20000101T000000Z",
                "--payload",
                file.toString(),
                "PUT",
                uri.toString()));
        String got = curl(program("-H", "Range: bytes=0-1", "GET", uri.toString()));

        assertThat(put).isEqualTo(" 200");
        assertThat(got).isEqualTo("na 206");
        HttpResponse<String> answer = get(uri);
        assertThat(answer.body()).isEqualTo("na\u00efve");
        assertThat(answer.headers().firstValue("content-type")).contains("text/x-note");
        assertThat(answer.headers().firstValue("x-amz-meta-note")).isPresent();
    }

    @Test
    void sendsALinkWithTheHeadersThatBelongToIt() throws Exception {
        URI uri = object("by curl and link");
        Path file = Files.writeString(folder.resolve("body"), "text");

        String put = curl(
                program(
                        "--presign=1h",
                        "-H",
                        "x-amz-meta-note: a",
                        "-H",
                        "Authorization: of another request",
                        "-H",
                        "x-amz-content-sha256: UNSIGNED-PAYLOAD",
                        "PUT",
                        uri.toString()),
                "--upload-file",
                file.toString());

        assertThat(put).isEqualTo(" 200");
        assertThat(get(uri).body()).isEqualTo("text");
    }

    @Test
    void sendsAPutWithoutABody() throws Exception {
        URI uri = endpoint().uri("made-by-curl");

        assertThat(curl(program("PUT", uri.toString()))).isEqualTo(" 200");

        assertThat(get(uri).statusCode()).isEqualTo(200);
    }

    @Test
    void sendsABodyToAPathThatEndsInASlash() throws Exception {
        put(object("gone"), "x".getBytes(UTF_8));
        String list = "<Delete><Object><Key>gone</Key></Object><Quiet>false</Quiet></Delete>";
        Path file = Files.writeString(folder.resolve("body"), list);
        byte[] md5 = MessageDigest.getInstance("MD5").digest(list.getBytes(UTF_8));

        String answer = curl(program(
                "-H",
                "Content-MD5: " + Base64.getEncoder().encodeToString(md5),
                "--payload",
                file.toString(),
                "POST",
                endpoint().uri(BUCKET) + "?delete"));

        assertThat(answer).endsWith(" 200").contains("<Key>gone</Key>");
        assertThat(get(object("gone")).statusCode()).isEqualTo(404);
    }
}
