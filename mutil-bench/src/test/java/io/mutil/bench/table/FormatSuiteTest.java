package io.mutil.bench.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

class FormatSuiteTest {
    @ParameterizedTest
    @ValueSource(strings = {"mutil", "mutil-wrapped", "tablesaw", "freva"})
    void eachContestantPrintsEveryRowAndEveryColumn(String who) {
        Table table = Trades.table(50);

        String page = FormatSuite.contestant(who, table).get();

        assertThat(table.columnCount()).isEqualTo(20);
        assertThat(page).contains(table.columnNames());
        assertThat(page.lines()
                        .filter(line -> line.contains(table.column("symbol0").getString(7))))
                .isNotEmpty();
        assertThat(page.lines().count()).isGreaterThanOrEqualTo(50);
    }
}
