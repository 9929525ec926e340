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
        for (String name : new String[] {"symbol0", "symbol3", "day", "order1"}) {
            for (int row = 0; row < table.rowCount(); row++) {
                assertThat(page).contains(table.column(name).getString(row));
            }
        }
        assertThat(page.lines().count()).isGreaterThanOrEqualTo(50);
    }
}
