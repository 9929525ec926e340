package io.mutil.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommentTextTest {
    static Stream<Arguments> comments() {
        return Stream.of(
                Arguments.of(" Buys shares.", "Buys shares."),
                Arguments.of(" Buys\n   shares\tof one.\n And more. Yes.\n", "Buys shares of one.\nAnd more. Yes."),
                Arguments.of(" No full stop", "No full stop"),
                Arguments.of(" Version 1.5 is here. Yes.", "Version 1.5 is here.\nYes."),
                Arguments.of(" One.\n <p>Two.\n Three.\n <p>\n Four.</p>", "One.\n\nTwo. Three.\n\nFour."),
                Arguments.of(" A {@code List<String> &amp;}.", "A List<String> &amp;."),
                Arguments.of(" Takes {@code a. b} too. Yes.", "Takes a. b too.\nYes."),
                Arguments.of(" Nested {@code {a} {b{}}} braces.", "Nested {a} {b{}} braces."),
                Arguments.of(" See {@link java.util.List}.", "See List."),
                Arguments.of(" See {@link java.util.Map.Entry#getKey()}.", "See Map.Entry.getKey()."),
                Arguments.of(" See {@link #buy(String, int)}.", "See buy(String, int)."),
                Arguments.of(" See {@link #buy(String, int) how to <b>buy</b>}.", "See how to buy."),
                Arguments.of(" See {@linkplain Map a\n map}.", "See a map."),
                Arguments.of(" Up to {@value Book#MAX}.", "Up to Book.MAX."),
                Arguments.of(" {@summary Buys. A lot} And more.", "Buys. A lot\nAnd more."),
                Arguments.of(" {@inheritDoc}", ""),
                Arguments.of(" The {@index book word} and {@systemProperty a.b}.", "The book and a.b."),
                Arguments.of(" An {@unknown tag with <i>text</i>}.", "An tag with text."),
                Arguments.of(" An {@code open brace", "An open brace"),
                Arguments.of(" <b>Bold</b> <a href=\"x\">link</a><!-- not\n this -->.", "Bold link."),
                Arguments.of(" 1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
                Arguments.of(
                        " &lt;b&gt; &amp;amp; &#65;&#x1F600; &eacuteX; &bogus;",
                        "<b> &amp; A\ud83d\ude00 &eacuteX; &bogus;"),
                Arguments.of(" &#x110000; &#1114112; &", "&#x110000; &#1114112; &"),
                Arguments.of(" Text.\n\n @param x dropped\n @see all this", "Text."),
                Arguments.of(
                        " Mail me@example.org\n or {@code\n @Override}.\n @since 1",
                        "Mail me@example.org or @Override."),
                Arguments.of("\n @author nobody", ""),
                Arguments.of(" ", ""),
                Arguments.of(
                        " Kinds:\n <ul>\n <li>one\n  thing\n <li><p>two</li>\n </ul>\n After.",
                        "Kinds:\n\n- one thing\n- two\n\nAfter."),
                Arguments.of(" <ol><li>a<ul><li>x</li><li>y</li></ul></li><li>b</li></ol>", "1. a\n  - x\n  - y\n2. b"),
                Arguments.of(" A<br>b<br/>c", "A\nb\nc"),
                Arguments.of(
                        " Do:\n <pre>{@code\n   buy  AAPL\n     10 <b>\n }</pre>\n Done. Yes.",
                        "Do:\n\n  buy  AAPL\n    10 <b>\n\nDone. Yes."),
                Arguments.of(" Do:\n <pre>\n   a &lt; <b>b</b>\n</pre>", "Do:\n\n  a < b"),
                Arguments.of(
                        " Do: {@snippet lang=java :\n   buy();\n     sell(\"{}\");\n }",
                        "Do:\n\n  buy();\n    sell(\"{}\");"),
                Arguments.of(
                        " <h2>Title</h2><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
                        "Title\n\na b\nc"));
    }

    @ParameterizedTest
    @MethodSource("comments")
    void becomesPlain(String comment, String text) {
        assertThat(CommentText.of(comment)).isEqualTo(text);
    }

    static Stream<Arguments> markdown() {
        return Stream.of(
                Arguments.of("Buys shares\nof one. And more\nthere.", "Buys shares of one.\nAnd more there."),
                Arguments.of("Kinds:\n- a [List]\n- b", "Kinds:\n- a List\n- b"),
                Arguments.of("One.\n\nTwo\nlines.\n\n@since 1", "One.\n\nTwo\nlines."),
                Arguments.of(
                        "See [java.util.Map.Entry#getKey()], [#buy], [the map][Map].",
                        "See Map.Entry.getKey(), buy, the map."),
                Arguments.of(
                        "Usage: buy [options] args[0] [URI] `[List]`", "Usage: buy [options] args[0] [URI] `[List]`"),
                Arguments.of(
                        "A [page](http://localhost) and {@code x  < y}.", "A [page](http://localhost) and x  < y."),
                Arguments.of("Do:\n```\nint[] x\n  @Override\n```\n@since 1", "Do:\n```\nint[] x\n  @Override\n```"),
                Arguments.of(
                        "Do:\n~~~ java\n@See [List]\n\n{@code x}\n~~~~\n[List]",
                        "Do:\n~~~ java\n@See [List]\n\n{@code x}\n~~~~\nList"),
                Arguments.of("Do:\n```\n@Open [List]", "Do:\n```\n@Open [List]"),
                Arguments.of("- Do:\n\n      @Override\n\n@since 1", "- Do:\n\n      @Override"),
                Arguments.of(
                        "``{@code `x`}`` and\n`a. b` of {@code [List]}. Yes.",
                        "``{@code `x`}`` and `a. b` of [List].\nYes."),
                Arguments.of("A ` alone.\n@param x of `y`", "A ` alone."));
    }

    @ParameterizedTest
    @MethodSource("markdown")
    void keepsMarkdownButForReferences(String comment, String text) {
        assertThat(MarkdownText.of(comment)).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.of(
                        " ",
                        "\n",
                        ".",
                        "a",
                        "{@code ",
                        "{@link ",
                        "{@summary ",
                        "{",
                        "}",
                        "<p>",
                        "<pre>",
                        "</pre>",
                        "<ul>",
                        "</ul>",
                        "<li>",
                        "</ol>",
                        "<!--",
                        "-->",
                        "&lt;",
                        "&",
                        "@see ",
                        "#",
                        "(",
                        ")",
                        "[",
                        "]",
                        "`",
                        "\n```\n",
                        "\n~~~",
                        "A[b]",
                        "{@snippet :\n")
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 1000)
    void comesToAnEndWithAnyComment(@ForAll("anything") String comment) {
        String html = CommentText.of(comment);
        String markdown = MarkdownText.of(comment);

        assertThat(html).isEqualTo(html.strip()).doesNotContain("\ue000", "\ue001");
        assertThat(markdown).isEqualTo(markdown.strip()).doesNotContain("\ue000", "\ue001");
    }

    @Test
    void isFastWithALongComment() {
        String comment = " <ul>" + "<li>some text with {@code code} and &lt;entities&gt;.\n".repeat(20_000) + "</ul>";

        assertThat(CommentText.of(comment)).hasLineCount(20_000);
    }
}
