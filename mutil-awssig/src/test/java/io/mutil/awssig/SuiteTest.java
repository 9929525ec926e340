package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The test suite that Amazon published, with each text on the way. */
class SuiteTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2015-08-30T12:36:00Z"), ZoneOffset.UTC);
    private static final Path SUITE = Path.of("src/test/resources/aws4_testsuite");
    private static final String ACCESS_KEY = "AKIDEXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String TOKEN_LINE = "X-Amz-Security-Token:";

    /** Its signed request has a signature that is the session token's halves exchanged; the other texts agree. */
    private static final String WRONG_SIGNED_REQUEST = "get-vanilla-with-session-token";

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.walk(SUITE)) {
            return files
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".req"))
                    .map(name -> name.substring(0, name.length() - ".req".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void isComplete() throws IOException {
        assertThat(cases()).hasSize(34);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTextIsAsPublished(String name) throws IOException {
        String sent = text(name + ".sreq");
        Request request = request(text(name + ".req"));

        Signed signed = signer(name, sent).sign(request);

        assertThat(signed.explain().canonicalRequest()).isEqualTo(text(name + ".creq"));
        assertThat(signed.explain().stringToSign()).isEqualTo(text(name + ".sts"));
        assertThat(signed.headers()).containsEntry("Authorization", text(name + ".authz"));
        assertThat(sent(text(name + ".req"), signed, name)).isEqualTo(headers(sent, name));
    }

    /** The headers of a request, those of its signature in their place. */
    private static Map<String, List<String>> sent(String request, Signed signed, String name) {
        Map<String, List<String>> headers = headers(request, name);
        signed.headers().forEach((header, value) -> headers.put(header.toLowerCase(Locale.ROOT), List.of(value)));
        return comparable(headers, name);
    }

    private static Map<String, List<String>> headers(String request, String name) {
        Map<String, List<String>> headers = new TreeMap<>();
        List<String> lines = lines(request);
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), header -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return comparable(headers, name);
    }

    private static Map<String, List<String>> comparable(Map<String, List<String>> headers, String name) {
        if (name.endsWith(WRONG_SIGNED_REQUEST)) {
            headers.computeIfPresent(
                    "authorization",
                    (header, values) -> List.of(values.get(0).replaceFirst("Signature=[0-9a-f]{64}", "Signature=")));
        }
        return headers;
    }

    /** A session whose token the request does not have yet: it is in what is sent. */
    private static SigV4 signer(String name, String sent) {
        boolean session = sent.contains(TOKEN_LINE) && !name.endsWith("post-sts-header-before");
        Credentials credentials =
                session ? Credentials.of(ACCESS_KEY, SECRET, token(sent)) : Credentials.of(ACCESS_KEY, SECRET);
        return SigV4.builder(credentials)
                .service("service")
                .region("us-east-1")
                .signToken(!name.endsWith("post-sts-header-after"))
                .clock(CLOCK)
                .build();
    }

    private static String token(String sent) {
        return sent.lines()
                .filter(line -> line.startsWith(TOKEN_LINE))
                .map(line -> line.substring(TOKEN_LINE.length()))
                .findFirst()
                .orElseThrow();
    }

    private static String text(String file) throws IOException {
        return Files.readString(Path.of(file), UTF_8);
    }

    /** Reads a request with header lines that may go on in the next, and a body after an empty line. */
    private static Request request(String text) {
        List<String> lines = lines(text);
        String first = lines.remove(0);
        int target = first.indexOf(' ') + 1;
        Request request = Request.of(
                first.substring(0, target - 1),
                "overridden.example.com",
                first.substring(target, first.lastIndexOf(" HTTP/1.1")));
        for (String line : lines) {
            int colon = line.indexOf(':');
            request = request.header(line.substring(0, colon), line.substring(colon + 1));
        }
        return body(text).isEmpty() ? request : request.payload(Payload.of(body(text)));
    }

    /** The first line and the headers. */
    private static List<String> lines(String text) {
        int end = text.indexOf("\n\n");
        List<String> lines = new ArrayList<>();
        for (String line : (end < 0 ? text.stripTrailing() : text.substring(0, end)).split("\n", -1)) {
            if (line.startsWith(" ")) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1) + "\n" + line);
            } else {
                lines.add(line);
            }
        }
        return lines;
    }

    private static String body(String text) {
        int end = text.indexOf("\n\n");
        return end < 0 ? "" : text.substring(end + 2);
    }
}
