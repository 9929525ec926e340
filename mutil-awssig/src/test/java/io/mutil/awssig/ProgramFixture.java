package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The program in process. */
abstract class ProgramFixture {
    static final String URL = "https://bucket.s3.eu-central-1.amazonaws.com/a%20b?x=1";

    final SettableClock clock = new SettableClock("2030-01-01T00:00:00Z");
    final Map<String, String> variables = new HashMap<>();
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    Path folder;

    @BeforeEach
    void environment(@TempDir Path folder) {
        this.folder = folder;
        variables.put("HOME", folder.toString());
        variables.put("AWS_ACCESS_KEY_ID", "AKID");
        variables.put("AWS_SECRET_ACCESS_KEY", "wJalr");
    }

    int run(String... arguments) {
        return Main.run(variables::get, clock, new PrintWriter(out), new PrintWriter(err, true), arguments);
    }

    SigV4 signer(String service, String region) {
        return SigV4.builder(Credentials.of("AKID", "wJalr"))
                .service(service)
                .region(region)
                .clock(clock)
                .build();
    }

    static String lines(Map<String, String> headers) {
        var lines = new StringBuilder();
        headers.forEach(
                (name, value) -> lines.append(name).append(": ").append(value).append('\n'));
        return lines.toString();
    }

    String printed() {
        assertThat(err.toString()).isEmpty();
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    void assertUsage(String message) {
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo("awssig: " + message + "\n--help tells all options\n");
    }
}
