package io.mutil.bench.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreDriverTest {
    @Test
    void measuresEverythingAndLeavesNothing(@TempDir Path directory) throws Exception {
        var printed = new ByteArrayOutputStream();
        var options = StoreOptions.parse("--quick", "--dir", directory.toString());

        boolean good = new StoreDriver(new PrintStream(printed, true, UTF_8), options).run();

        assertThat(printed.toString(UTF_8))
                .doesNotContain("failed")
                .contains("1000 rows: puts, rows/s, median of 1")
                .contains("256 rows: puts that wait for the disk, rows/s")
                .contains("1000 rows: gets by one thread, rows/s")
                .contains("1000 rows: gets by two threads, rows/s")
                .contains("1000 rows: size(), milliseconds")
                .contains("1000 rows: full scan, rows/s")
                .contains(Contestants.names());
        assertThat(good).isTrue();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void takesOptionsInAnyOrder() {
        StoreOptions options = StoreOptions.parse("--shards", "8", "--mode", "get,scan", "--scan-rows", "5");

        assertThat(options.shards()).isEqualTo(8);
        assertThat(options.modes()).isEqualTo(List.of(StoreOptions.Mode.GET, StoreOptions.Mode.SCAN));
        assertThat(options.rowsOf(StoreOptions.Mode.SCAN)).isEqualTo(5);
        assertThat(options.rowsOf(StoreOptions.Mode.PUT)).isEqualTo(100_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--mode x", "--contestants x", "--rows 0", "--shards 1025", "--dir-", "--rounds"})
    void saysWhatIsWrong(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreOptions.parse(line.split(" ", -1)))
                .withMessageContaining("usage: StoreDriver");
    }
}
