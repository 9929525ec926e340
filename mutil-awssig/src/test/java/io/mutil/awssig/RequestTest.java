package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    @ParameterizedTest
    @CsvSource({
        "https://example.com/a, example.com",
        "https://example.com:443/a, example.com",
        "HTTPS://Example.COM:443/a, Example.COM",
        "http://example.com:80/a, example.com",
        "http://example.com:443/a, example.com:443",
        "https://example.com:8443, example.com:8443",
        "https://user@example.com/a, example.com",
        "https://my_bucket.example.com/a, my_bucket.example.com",
        "http://[::1]:9000/a, [::1]:9000",
        "https://example.com:/a, example.com",
        "http://[::1]:/a, [::1]",
        "s3://example.com:/a, example.com",
        "https://user@example.com:443/a, example.com"
    })
    void hostIsWhatClientsSend(URI uri, String host) {
        assertThat(Request.of("GET", uri).host()).isEqualTo(host);
    }

    @Test
    void pathAndQueryAreNotDecoded() {
        Request request = Request.of("GET", URI.create("https://example.com/a%2Fb%20c?d=%2B+"));

        assertThat(request.path()).isEqualTo("/a%2Fb%20c");
        assertThat(request.query()).isEqualTo("d=%2B+");
    }

    @Test
    void targetEndsItsPathAtTheFirstQuestionMark() {
        Request request = Request.of("GET", "example.com", "/a b#c?d?e");

        assertThat(request.path()).isEqualTo("/a b#c");
        assertThat(request.query()).isEqualTo("d?e");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a",
                "mailto:example.com",
                "file:/a",
                "https://:443/a",
                "https://:8443/a",
                "https://:/a",
                "s3://:/"
            })
    void addressWithoutHostIsRefused(URI uri) {
        assertThatThrownBy(() -> Request.of("GET", uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host")
                .hasMessageEndingWith("was " + uri);
    }

    @Test
    void addressWithAUserAndNoHostIsRefused() {
        assertThatThrownBy(() -> Request.of("GET", URI.create("https://user@/a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uri must name a host, was ...@/a");
    }

    @ParameterizedTest
    @CsvSource({
        "https://host/a b?c#d, https://host/a b?...",
        "https://host/a#b?c, https://host/a#...",
        "https://me:secret@host/a b, ...@host/a b",
        "https://me:se/cret@host/a b, ...@host/a b",
        "https://me:sec@ret@host/a b, ...@host/a b",
        "https://me:s?ecret@host/a b, ...",
        "https://me:s#ecret@host/a b, ...",
        "https://host/a b?token=secret@x, ...",
        "me:secret@host/a?b, ...@host/a?...",
        "secret@host:80/a, ...@host:80/a"
    })
    void addressIsShownWithoutWhatMayBeASecret(String uri, String shown) {
        assertThat(Request.shown(uri)).isEqualTo(shown);
    }

    @Test
    void fragmentIsRefused() {
        assertThatThrownBy(() -> Request.of("GET", URI.create("https://example.com/a#b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write %23")
                .hasMessageEndingWith("was https://example.com/a#...");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a?X-Amz-Security-Token=FwoG",
                "file:/a?FwoG",
                "https://me:FwoG@example.com/a#FwoG",
                "https://me:FwoG@example.com/a?b#FwoG"
            })
    void refusalShowsNoSecret(URI uri) {
        assertThatThrownBy(() -> Request.of("GET", uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("FwoG");
    }

    @Test
    void emptyHostIsRefused() {
        assertThatThrownBy(() -> Request.of("GET", "", "/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host must not be empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /", "GET\n", "GÉT"})
    void methodThatIsNoWordIsRefused(String method) {
        assertThatThrownBy(() -> Request.of(method, "example.com", "/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("method must be a word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\n"})
    void headerWhoseNameIsNoWordIsRefused(String name) {
        Request request = Request.of("GET", "example.com", "/");

        assertThatThrownBy(() -> request.header(name, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name is a word");
    }

    @Test
    void headersComeFromPairsToo() {
        Request request =
                Request.of("GET", "example.com", "/").headers(List.of(Map.entry("a", "1"), Map.entry("a", "2")));

        StringBuilder seen = new StringBuilder();
        request.forEachHeader((name, value) -> seen.append(name).append(value));

        assertThat(seen).hasToString("a1a2");
    }

    @Test
    void addingAHeaderLeavesTheRequestAsItWas() {
        Request request = Request.of("GET", "example.com", "/");

        Request more = request.header("a", "1");

        StringBuilder seen = new StringBuilder();
        request.forEachHeader((name, value) -> seen.append(name));
        assertThat(seen).isEmpty();
        assertThat(more).isNotSameAs(request);
    }
}
