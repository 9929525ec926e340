package io.mutil.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Widths that others know: the wcwidth of Python, by a table of texts, and that of the C library, which many terminals use. */
class WidthsTest {
    /** Answers each line of a file with its width by the C library, -1 if that does not know it. */
    private static final String MEASURE = """
            import ctypes, locale, sys
            locale.setlocale(locale.LC_ALL, 'C.UTF-8')
            c = ctypes.CDLL(None)
            for line in open(sys.argv[1], encoding='utf-8', newline='\\n'):
                text = line[:-1]
                print(c.wcswidth(ctypes.c_wchar_p(text), ctypes.c_size_t(len(text))))
            """;

    private static final Pattern CODE = Pattern.compile("\\\\u\\{([0-9A-F]+)}");
    /** Circled numbers: ambiguous, so narrow here, and wide in glibc. */
    private static final int FIRST_CIRCLED = 0x3248;

    private static final int LAST_CIRCLED = 0x324F;
    /** Behind it are ideographs, what is unassigned, and what takes no cell. */
    private static final int IDEOGRAPHS = 0x20000;

    /** Texts of all kinds that a terminal takes code point by code point. */
    private static final String[] TEXTS = {
        "राम",
        "हिन्दी",
        "தமிழ்",
        "বাংলা",
        "မြန်မာ",
        "ภาษาไทย",
        "ภาษาไทย น้ำ",
        "ᄀᄀᄀᄀᄀᄀᄀᄀ",
        "ᄀ가",
        "각",
        "한국",
        "トヨタ",
        "ﾊﾞﾊﾟ",
        "か\u3099",
        "漢字",
        "e\u0301a\u0301\u0302",
        "\u3164\uffa0",
        "漢\u302e",
        "שָׁלוֹם",
        "مَرْحَبا",
        "😀⌚",
        "🇩🇪🇫",
        "❤\u200b",
        "ា".repeat(20),
        "a b c"
    };

    private static CellText texts() {
        return new CellText(false, false);
    }

    static Stream<String> knownToPython() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(WidthsTest.class.getResourceAsStream("/widths-of-wcwidth.txt"), "table")) {
            return new String(in.readAllBytes(), UTF_8).lines().filter(line -> !line.startsWith("#"));
        }
    }

    @ParameterizedTest
    @MethodSource("knownToPython")
    void aTextIsAsWideAsPythonSaysOrWiderForAReason(String line) {
        String[] parts = line.split("\t", -1);
        String text =
                CODE.matcher(parts[0]).replaceAll(code -> Character.toString(Integer.parseInt(code.group(1), 16)));
        int python = Integer.parseInt(parts[1]);
        int ours = parts.length == 2 ? python : Integer.parseInt(parts[2]);

        assertThat(ours).isGreaterThanOrEqualTo(python);
        assertThat(texts().width(text)).isEqualTo(ours);
    }

    @Test
    void noCodePointIsNarrowerThanTheCLibrarySays(@TempDir Path folder) throws Exception {
        List<String> texts = new ArrayList<>();
        for (int c = ' '; c < IDEOGRAPHS; c++) {
            byte type = CodePoints.classOf(c);
            boolean shown = type != CodePoints.CONTROL && type != CodePoints.HIDDEN && type != CodePoints.SURROGATE;
            if (shown && (c < FIRST_CIRCLED || c > LAST_CIRCLED)) {
                texts.add(Character.toString(c));
            }
        }

        List<Integer> widths = widthsInC(texts, folder);

        for (int i = 0; i < texts.size(); i++) {
            if (texts().width(texts.get(i)) < widths.get(i)) {
                assertThat(texts().width(texts.get(i)))
                        .as("U+%04X", texts.get(i).codePointAt(0))
                        .isGreaterThanOrEqualTo(widths.get(i));
            }
        }
    }

    @Test
    void noLineIsWiderThanTheCLibrarySays(@TempDir Path folder) throws Exception {
        List<List<Object>> cells = new ArrayList<>();
        for (int i = 0; i < TEXTS.length; i++) {
            cells.add(List.of(
                    TEXTS[i],
                    TEXTS[(i * 7 + 3) % TEXTS.length] + TEXTS[i],
                    TEXTS[i].repeat(3),
                    String.join("", TEXTS)));
        }
        Rows rows = new ListRows(
                List.of("राम", "ᄀᄀ", TEXTS[4].repeat(4), "ﾊﾞ"),
                List.of(CellType.TEXT, CellType.INTEGER, CellType.TEXT, CellType.DECIMAL),
                cells);

        List<String> lines = new ArrayList<>();
        List<Integer> most = new ArrayList<>();
        for (int width : new int[] {20, 21, 37, 80}) {
            for (Border border : Border.values()) {
                for (Wide wide : Wide.values()) {
                    FramePrinter printer = FramePrinter.builder()
                            .width(width)
                            .border(border)
                            .wide(wide)
                            .caption(String.join("", TEXTS))
                            .build();
                    lines.addAll(printer.format(rows).lines().toList());
                    most.addAll(Collections.nCopies(lines.size() - most.size(), width));
                }
            }
        }

        List<Integer> widths = widthsInC(lines, folder);

        for (int i = 0; i < lines.size(); i++) {
            assertThat(widths.get(i)).as(lines.get(i)).isBetween(0, most.get(i));
        }
    }

    private static List<Integer> widthsInC(List<String> lines, Path folder) throws Exception {
        Path file = folder.resolve("lines.txt");
        Files.write(file, lines, UTF_8);
        Process process;
        try {
            process = new ProcessBuilder("python3", "-c", MEASURE, file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return assumeFalse("Python is absent: install it so that 'python3 --version' works");
        }
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            return assumeFalse("this machine has no locale C.UTF-8, or no wcswidth: " + answer);
        }
        List<Integer> widths =
                Arrays.stream(answer.split("\\s+")).map(Integer::valueOf).toList();
        assertThat(widths).hasSameSizeAs(lines);
        return widths;
    }

    private static List<Integer> assumeFalse(String why) {
        assumeTrue(false, "skipped because " + why);
        return List.of();
    }
}
