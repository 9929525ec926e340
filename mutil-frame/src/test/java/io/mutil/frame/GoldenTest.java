package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole pages as files. {@code -Dmutil.frame.golden=src/test/resources/golden} writes them anew, to be looked at before they are kept.
 */
class GoldenTest {
    @ParameterizedTest
    @CsvSource({
        "NONE, WRAP, 60",
        "ASCII, WRAP, 60",
        "UNICODE, WRAP, 60",
        "MARKDOWN, WRAP, 60",
        "NONE, TRUNCATE, 170",
        "ASCII, TRUNCATE, 200",
        "UNICODE, TRUNCATE, 200",
        "MARKDOWN, TRUNCATE, 200",
        "NONE, HIDE_MIDDLE, 80",
        "ASCII, HIDE_MIDDLE, 80",
        "UNICODE, HIDE_MIDDLE, 80",
        "MARKDOWN, HIDE_MIDDLE, 80",
        "NONE, BLOCKS, 40",
        "ASCII, BLOCKS, 40",
        "UNICODE, BLOCKS, 40",
        "MARKDOWN, BLOCKS, 40",
        "UNICODE, WRAP, 20",
        "MARKDOWN, WRAP, 20",
        "NONE, HIDE_MIDDLE, 20",
        "MARKDOWN, BLOCKS, 20",
        "UNICODE, TRUNCATE, 180"
    })
    void pagesAreAsTheyWere(Border border, Wide wide, int width) throws IOException {
        FramePrinter printer = FramePrinter.builder()
                .border(border)
                .wide(wide)
                .width(width)
                .caption("Trades of 東京 and elsewhere")
                .headerEvery(2)
                .nulls("∅")
                .build();

        String page = printer.format(Rows.of(Tables.everyType()));

        String name = (border + "-" + wide + "-" + width).toLowerCase(Locale.ROOT) + ".txt";
        assertThat(page).isEqualTo(golden(name, page));
        assertThat(page.lines()).allMatch(line -> new CellText(false, false).width(line) <= width);
    }

    @ParameterizedTest
    @CsvSource({"UNICODE, WRAP", "NONE, BLOCKS"})
    void colouredPagesAreAsTheyWere(Border border, Wide wide) throws IOException {
        FramePrinter printer = FramePrinter.builder()
                .border(border)
                .wide(wide)
                .width(60)
                .nulls("∅")
                .grouping(true)
                .decimals("price", 2)
                .index(false)
                .count(false)
                .colours(Colours.ALWAYS)
                .build();

        String page = printer.format(Rows.of(Tables.everyType()));

        String name = ("coloured-" + border + "-" + wide).toLowerCase(Locale.ROOT) + ".txt";
        assertThat(page).isEqualTo(golden(name, page));
    }

    private static String golden(String name, String page) throws IOException {
        String folder = System.getProperty("mutil.frame.golden", "");
        if (!folder.isEmpty()) {
            Files.writeString(Path.of(folder, name), page);
        }
        try (InputStream in = Objects.requireNonNull(GoldenTest.class.getResourceAsStream("/golden/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
