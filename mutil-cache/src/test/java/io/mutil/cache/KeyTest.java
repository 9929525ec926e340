package io.mutil.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are the same, and what a key shows. */
class KeyTest {
    private final CanonicalKey keys = new CanonicalKey(Set.of("traceparent"), Set.of("X-Amz-Signature", "utm source"));

    private Key of(String uri, String... headers) {
        return keys.of(request(uri, headers));
    }

    private static HttpRequest request(String uri, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(uri));
        return headers.length == 0 ? builder.build() : builder.headers(headers).build();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org/a, HTTP://Example.ORG/a",
        "http://example.org/, http://example.org",
        "http://example.org/a, http://example.org:80/a",
        "http://example.org/a, http://example.org:/a",
        "https://example.org/a, https://example.org:443/a",
        "http://example.org/a, http://example.org/a#part",
        "http://example.org/a?b=1, http://example.org/a?b=1&X-Amz-Signature=abc",
        "http://example.org/a?b=1, http://example.org/a?X-Amz-Signature&b=1&utm+source=x&utm%20source=y",
        "http://example.org/a, http://example.org/a?X-Amz-Signature=abc",
        "http://example.org?b, http://example.org/?b"
    })
    void addressesThatAreTheSameHaveOneKey(String one, String other) {
        assertThat(of(one)).isEqualTo(of(other)).hasSameHashCodeAs(of(other));
        assertThat(of(one).digest(new byte[1])).isEqualTo(of(other).digest(new byte[1]));
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org/a, https://example.org/a",
        "http://example.org/a, http://example.org/A",
        "http://example.org/a, http://example.org/a/",
        "http://example.org/a, http://example.org:81/a",
        "http://example.org/a, http://user@example.org/a",
        "http://example.org/a?b=1&c=2, http://example.org/a?c=2&b=1",
        "http://example.org/a, http://example.org/a?"
    })
    void otherAddressesHaveOthers(String one, String other) {
        assertThatDiffer(of(one), of(other));
    }

    @Test
    void anAddressAsItIsFindsTheKeyOfItsRequestOrNone() {
        List<String> addresses = List.of(
                "http://example.org/a",
                "HTTP://example.org/a",
                "http://Example.org/a",
                "http://example.org:80/a",
                "http://example.org/a#part",
                "http://example.org/a?X-Amz-Signature=abc",
                "http://example.org/a?b=1",
                "http://example.org",
                "http://example.org:",
                "http://example.org/");

        for (String asked : addresses) {
            for (String stored : addresses) {
                if (keys.asItIs(request(asked)).equals(of(stored))) {
                    assertThat(of(asked)).as("%s for %s", stored, asked).isEqualTo(of(stored));
                }
            }
        }
        assertThat(keys.asItIs(request("http://example.org/a?b=1"))).isEqualTo(of("http://example.org/a?b=1"));
    }

    private static void assertThatDiffer(Key one, Key other) {
        assertThat(one).isNotEqualTo(other);
        assertThat(one.digest(new byte[1])).isNotEqualTo(other.digest(new byte[1]));
    }

    @Test
    void everyHeaderCountsSaveThoseThatAreIgnoredAndTheCachesOwn() {
        String uri = "http://example.org/a";

        assertThat(of(uri, "traceparent", "1", "If-None-Match", "2")).isEqualTo(of(uri));
        assertThat(of(uri, "ACCEPT", "text/csv")).isEqualTo(of(uri, "accept", "text/csv"));
        assertThatDiffer(of(uri, "Accept", "text/csv"), of(uri));
        assertThatDiffer(of(uri, "Authorization", "Bearer a"), of(uri, "Authorization", "Bearer b"));
        assertThatDiffer(of(uri, "X-Api-Key", "a"), of(uri, "X-Api-Key", "b"));
        assertThatDiffer(of(uri, "Cookie", "a"), of(uri));
    }

    @Test
    void aNameStandsForTheAddressButNotForTheHeaders() {
        Key one = keys.of("symbols", request("http://example.org/a"));
        Key other = keys.of("symbols", request("http://example.org/b"));
        Key secret = keys.of("symbols", request("http://example.org/b", "Authorization", "Bearer a"));

        assertThat(one).isEqualTo(other).isEqualTo(Key.named("symbols"));
        assertThatDiffer(one, secret);
    }

    @Test
    void methodsAndRealmsAreApart() {
        var head = HttpRequest.newBuilder(URI.create("http://example.org/a"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();

        assertThatDiffer(keys.of(head), of("http://example.org/a"));
        assertThatDiffer(keys.of("a", head), Key.named("a"));
        assertThatDiffer(Key.of("http://example.org/a"), of("http://example.org/a"));
        assertThatDiffer(Key.of("a"), Key.named("a"));
    }

    @Property(tries = 500)
    void keysAreEqualExactlyIfTheirPartsAre(
            @ForAll @Size(min = 1, max = 4) List<String> one, @ForAll @Size(min = 1, max = 4) List<String> other) {
        boolean same = one.equals(other);

        assertThat(key(one).equals(key(other))).isEqualTo(same);
        assertThat(key(one)).isEqualTo(key(List.copyOf(one)));
    }

    private static Key key(List<String> parts) {
        return Key.of(parts.get(0), parts.subList(1, parts.size()).toArray(String[]::new));
    }

    @Test
    void partsDoNotRunTogether() {
        var keys = new HashSet<>(List.of(
                Key.of("a", "b", "c"),
                Key.of("a", "bc"),
                Key.of("ab", "c"),
                Key.of("abc"),
                Key.of("a", "1:b1:c"),
                Key.of("a", "", "bc")));

        assertThat(keys).hasSize(6);
        assertThat(keys.stream().map(key -> key.digest(new byte[1])).distinct()).hasSize(6);
    }

    @Test
    void anotherSaltGivesOtherNames() {
        assertThat(Key.of("a").digest(new byte[] {1})).isNotEqualTo(Key.of("a").digest(new byte[] {2}));
        assertThat(Key.of("a").digest(new byte[] {1})).matches("[0-9a-f]{64}");
    }

    @Test
    void aKeyShowsNoSecret() {
        assertThat(of("https://user:password@example.org/a?token=secret", "Authorization", "secret"))
                .hasToString("GET https://example.org/a");
        assertThat(of("https://example.org?token=secret")).hasToString("GET https://example.org/");
        assertThat(of("https://example.org/a@b?token=secret")).hasToString("GET https://example.org/a@b");
        assertThat(Key.of("secret").toString()).doesNotContain("secret");
        assertThat(Key.named("symbols")).hasToString("symbols");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void refusesMethodsThatChangeSomething(String method) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://example.org"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.of(request))
                .withMessageContaining("must be GET or HEAD, was " + method);
    }

    @Test
    void refusesABody() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://example.org"))
                .method("GET", HttpRequest.BodyPublishers.ofString("query"))
                .build();

        assertThatIllegalArgumentException().isThrownBy(() -> keys.of(request)).withMessageContaining("a body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", "a/b", "a\\b", "..", "a\nb", "c:d", "a*"})
    void refusesNamesThatAreNoPartOfAFileName(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Key.named(name)).withMessageStartingWith("name must");
    }
}
