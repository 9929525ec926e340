package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of a canonical request. */
class CanonicalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                "- ''",
                "'' ''",
                "a a=",
                "a= a=",
                "=a =a",
                "a=b=c a=b%3Dc",
                "&&a=1& a=1",
                "b=1&a=2&a=1 a=1&a=2&b=1",
                "a=2&A=1&a-b=3&a0=4 A=1&a=2&a-b=3&a0=4",
                "a=%7e%2f%20+ a=~%2F%20%20",
                "a=%zz%4 a=%25zz%254",
                "a=%E1%88%B4ሴ a=%E1%88%B4%E1%88%B4",
                "a=😀 a=%F0%9F%98%80",
                "a=é&a=z a=%C3%A9&a=z",
                "a/b=c:d a%2Fb=c%3Ad"
            })
    void queryIsSortedAndEncodedOnce(String raw, String canonical) {
        assertThat(CanonicalQuery.of(raw)).hasToString(canonical);
    }

    @Property
    void canonicalQueryIsItsOwnCanonicalForm(@ForAll String raw) {
        String canonical = CanonicalQuery.of(raw).toString();

        assertThat(CanonicalQuery.of(canonical)).hasToString(canonical);
    }

    @Property
    void canonicalQueryDoesNotDependOnTheOrder(
            @ForAll @Chars({'a', 'b', '%', '4', '1', '=', '+', 'é'}) String one,
            @ForAll @Chars({'a', 'b', '%', '4', '1', '=', '+', 'é'}) String other) {
        assertThat(CanonicalQuery.of(one + "&" + other))
                .hasToString(CanonicalQuery.of(other + "&" + one).toString());
    }

    @Example
    void parametersAreAddedUnencodedAndLeftOutByName() {
        CanonicalQuery query = CanonicalQuery.of("c=1&b=2").add("a b", "x&y=+").without("c");

        assertThat(query).hasToString("a%20b=x%26y%3D%2B&b=2");
    }

    @ParameterizedTest
    @CsvSource({
        "'', /, /, /",
        "/, /, /, /",
        "/a%2Fb, /a%2Fb, /a%252Fb, /a%252Fb",
        "/a+b, /a+b, /a%2Bb, /a%2Bb",
        "/a b/é, /a%20b/%C3%A9, /a%20b/%C3%A9, /a%20b/%C3%A9",
        "//a//b//, //a//b//, //a//b//, /a/b/",
        "/./a/./b/., /./a/./b/., /./a/./b/., /a/b",
        "/a/../../b/.., /a/../../b/.., /a/../../b/.., /",
        "/a/b/../, /a/b/../, /a/b/../, /a/",
        "/.../a..b/.c, /.../a..b/.c, /.../a..b/.c, /.../a..b/.c",
        "a/b, a/b, a/b, /a/b",
        "/~a_-., /~a_-., /~a_-., /~a_-."
    })
    void pathFollowsItsRule(String raw, String asSent, String again, String normalized) {
        assertThat(PathRule.AS_SENT.canonical(raw)).isEqualTo(asSent);
        assertThat(PathRule.ENCODED_AGAIN.canonical(raw)).isEqualTo(again);
        assertThat(PathRule.NORMALIZED.canonical(raw)).isEqualTo(normalized);
    }

    @Property
    void legalPathIsSignedAsSent(@ForAll @CharRange(from = '!', to = '~') String path) {
        assertThat(PathRule.AS_SENT.canonical("/" + path)).isEqualTo("/" + path);
    }

    @Property
    void normalizedPathStaysSo(@ForAll @Chars({'/', '.', 'a'}) String path) {
        String normalized = PathRule.NORMALIZED.canonical(path);

        assertThat(normalized).startsWith("/").doesNotContain("//");
        assertThat(normalized.split("/", -1)).doesNotContain(".", "..");
        assertThat(PathRule.NORMALIZED.canonical(normalized)).isEqualTo(normalized);
    }

    @Property
    void spaceInAHeaderCollapses(@ForAll @Chars({' ', '\t', '\r', '\n', 'a', 'é'}) String value) {
        String collapsed = new Text(8).addCollapsed(value).toString();

        assertThat(collapsed).isEqualTo(value.strip().replaceAll("\\s+", " "));
    }

    @Example
    void headersOfOneNameAreJoinedInOrder() {
        var headers = new HeaderList();
        for (int i = 20; i > 0; i--) {
            headers.add("b", Integer.toString(i % 3));
        }
        headers.add("a", " x  y ");
        var out = new Text(8);

        headers.sort().writeTo(out);

        assertThat(out).hasToString("a:x y\nb:2,1,0,2,1,0,2,1,0,2,1,0,2,1,0,2,1,0,2,1\n");
        assertThat(headers.names()).isEqualTo("a;b");
    }
}
