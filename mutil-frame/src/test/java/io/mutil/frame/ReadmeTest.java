package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.QuotedCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ReadmeTest {
    @Test
    void theReadmeShowsWhatItsExamplePrints() throws IOException {
        Table table = Table.create(
                "fills", StringColumn.create("symbol", "IBM"), DoubleColumn.create("price", new double[] {231.5}));
        FramePrinter printer = FramePrinter.builder()
                .width(80)
                .caption("Fills")
                .headerEvery(40)
                .nulls("-")
                .decimals("price", 4)
                .build();

        assertThat(QuotedCode.textOfMarkdown(Path.of("README.md"))).containsExactly(printer.format(Rows.of(table)));
    }
}
