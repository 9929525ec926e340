package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.LogLines;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTest {
    private record Fill(String symbol, int shares) {}

    private static final Rows ROWS = Rows.ofRecords(List.of(new Fill("IBM", 100)), Fill.class);
    private static final String TEXT = "\n| symbol | shares |\n| ------ | -----: |\n| IBM    |    100 |";

    private final FramePrinter printer = FramePrinter.builder()
            .width(80)
            .border(Border.MARKDOWN)
            .index(false)
            .count(false)
            .build();

    @Test
    void aTableIsOneEventOfItsCaller() {
        try (LogLines lines = LogLines.of(LogTest.class, java.util.logging.Level.ALL)) {
            printer.log(ROWS, System.Logger.Level.INFO);

            assertThat(lines.all()).singleElement().satisfies(event -> {
                assertThat(event.getMessage()).isEqualTo(TEXT);
                assertThat(event.getLevel()).isEqualTo(java.util.logging.Level.INFO);
                assertThat(event.getLoggerName()).isEqualTo(LogTest.class.getName());
                assertCaller(event, "aTableIsOneEventOfItsCaller");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"TRACE, FINER", "DEBUG, FINE", "INFO, INFO", "WARNING, WARNING", "ERROR, SEVERE"})
    void aLoggerAndALevelOfOnesOwnAreUsed(System.Logger.Level level, String jul) {
        try (LogLines lines = LogLines.of(FramePrinter.class, java.util.logging.Level.ALL)) {
            printer.log(ROWS, System.getLogger(FramePrinter.class.getName()), level);

            assertThat(lines.all()).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(java.util.logging.Level.parse(jul));
                assertCaller(event, "aLoggerAndALevelOfOnesOwnAreUsed");
            });
        }
    }

    private static void assertCaller(LogRecord event, String method) {
        assertThat(event.getSourceClassName()).isEqualTo(LogTest.class.getName());
        assertThat(event.getSourceMethodName()).isEqualTo(method);
    }

    @Test
    void nothingIsFormattedThatIsNotLogged() {
        Rows unread = Rows.ofRecords(
                new ArrayList<>() {
                    @Override
                    public int size() {
                        throw new AssertionError("read");
                    }
                },
                Fill.class);
        try (LogLines lines = LogLines.of(LogTest.class, java.util.logging.Level.WARNING)) {
            printer.log(unread, System.Logger.Level.INFO);

            assertThat(lines.all()).isEmpty();
        }
    }

    @Test
    void otherLoggersGetTheTextAsItIs() {
        List<String> events = new ArrayList<>();
        System.Logger own = new System.Logger() {
            @Override
            public String getName() {
                return "own";
            }

            @Override
            public boolean isLoggable(System.Logger.Level level) {
                return level == System.Logger.Level.WARNING;
            }

            @Override
            public void log(
                    Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
                throw new AssertionError("nothing was thrown");
            }

            @Override
            public void log(
                    Level level,
                    @Nullable ResourceBundle bundle,
                    @Nullable String format,
                    @Nullable Object... parameters) {
                assertThat(parameters).isNull();
                events.add(level + " " + format);
            }
        };

        printer.log(ROWS, own, System.Logger.Level.INFO);
        printer.log(ROWS, own, System.Logger.Level.WARNING);

        assertThat(events).containsExactly("WARNING " + TEXT);
    }
}
