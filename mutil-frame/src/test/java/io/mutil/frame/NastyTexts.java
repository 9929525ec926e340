package io.mutil.frame;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts that tables get wrong. */
final class NastyTexts {
    private static final String[] PARTS = {
        "a",
        "word",
        " ",
        "é",
        "e\u0301",
        "漢字",
        "한글",
        "😀",
        "👩\u200d👩\u200d👧",
        "🇩🇪",
        "❤\ufe0f",
        "\u200d",
        "\ufe0f",
        "\u0301",
        "🏽",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\u0000",
        "\u001b",
        "\u001b[31m",
        "\u001b[0m",
        "\u001b[",
        "\u001b]8;;x\u0007",
        "\u001b]8;;\u0007",
        "|",
        "\\",
        "`",
        "*",
        "_",
        "<b>",
        "&amp;",
        "[x](y)",
        "~~",
        "---",
        "\ud83d",
        "\ude00",
        "\u202e",
        "\u2028",
        "\u0085",
        "\u200b",
        "…"
    };

    private NastyTexts() {}

    static Arbitrary<String> any() {
        return Arbitraries.oneOf(
                Arbitraries.of(PARTS).list().ofMaxSize(10).map(parts -> String.join("", parts)),
                Arbitraries.strings().ofMaxLength(12));
    }
}
