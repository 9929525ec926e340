package io.mutil.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowsTest {
    private final Rows rows = new Rows(2000);

    @Test
    void valuesAre200BytesOfJson() {
        for (int row = 0; row < rows.count(); row++) {
            assertThat(Json.plain(rows.value(row))).hasSize(200);
        }
    }

    @Test
    void asksForEveryRowOnce() {
        assertThat(IntStream.range(0, rows.count()).map(rows::asked)).doesNotHaveDuplicates();
        assertThat(IntStream.range(0, rows.count()).mapToObj(rows::key)).doesNotHaveDuplicates();
    }

    @Test
    void peersGetBackWhatTheyKept() throws IOException {
        try (var json = new Json()) {
            byte[] bytes = json.encode(rows.value(7));

            assertThat(bytes).hasSizeLessThan(200);
            assertThat(json.decode(bytes)).isEqualTo(rows.value(7));
        }
    }

    @Test
    void sharesAreEveryRowOnce() {
        var first = new Share(0, 2);
        var second = new Share(1, 2);

        assertThat(IntStream.range(0, 9).filter(first::has)).containsExactly(0, 2, 4, 6, 8);
        assertThat(IntStream.range(0, 9).filter(second::has)).containsExactly(1, 3, 5, 7);
    }
}
