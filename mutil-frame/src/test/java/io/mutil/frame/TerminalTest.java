package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private static final PrintStream FILE = new PrintStream(OutputStream.nullOutputStream());

    private final Map<String, String> environment = new HashMap<>();
    private long now;
    private int columns = 132;
    private int asked;
    private final Terminal terminal = new Terminal(environment::get, () -> now, descriptor -> {
        asked++;
        return columns;
    });

    @Test
    void theVariableComesBeforeTheTerminal() {
        environment.put("COLUMNS", "100");

        assertThat(terminal.width(System.out)).isEqualTo(100);
        assertThat(asked).isZero();
    }

    @Test
    void aVariableThatIsNoWidthIsIgnored() {
        for (String text : List.of("", "0", "wide", "-5", "99999999")) {
            environment.put("COLUMNS", text);

            assertThat(terminal.width(System.out)).isEqualTo(132);
        }
    }

    @Test
    void theTerminalIsAskedAtMostOnceASecond() {
        assertThat(terminal.width(System.out)).isEqualTo(132);
        columns = 90;
        now += 999_999_999;
        assertThat(terminal.width(System.out)).isEqualTo(132);
        now++;
        assertThat(terminal.width(System.out)).isEqualTo(90);

        assertThat(asked).isEqualTo(2);
    }

    @Test
    void whatIsNoTerminalHasEightyColumnsAndNoColours() {
        assertThat(terminal.width(FILE)).isEqualTo(80);
        assertThat(terminal.hasColours(FILE)).isFalse();
        assertThat(asked).isZero();
        columns = -1;

        assertThat(terminal.width(System.err)).isEqualTo(80);
        assertThat(terminal.hasColours(System.err)).isFalse();
    }

    @Test
    void aTerminalThatDoesNotKnowItsSizeHasEightyColumnsAndColours() {
        columns = 0;

        assertThat(terminal.width(System.out)).isEqualTo(80);
        assertThat(terminal.hasColours(System.out)).isTrue();
    }

    @Test
    void aNarrowTerminalGetsTwentyCells() {
        columns = 5;

        assertThat(terminal.width(System.out)).isEqualTo(20);
    }

    @Test
    void coloursCanBeRefused() {
        environment.put("NO_COLOR", "");
        assertThat(terminal.hasColours(System.out)).isTrue();
        environment.put("NO_COLOR", "1");
        assertThat(terminal.hasColours(System.out)).isFalse();
        environment.remove("NO_COLOR");
        environment.put("TERM", "dumb");
        assertThat(terminal.hasColours(System.out)).isFalse();
    }

    @Test
    void aShellThatIsMissingFailsOrHangsIsNoTerminal() {
        assertThat(new Stty(List.of("/no/such/shell"), 1_000).columns(Terminal.OUT))
                .isEqualTo(-1);
        assertThat(new Stty(List.of("false"), 30_000).columns(Terminal.OUT)).isEqualTo(-1);
        assertThat(new Stty(List.of("sh", "-c", "exec sleep 60"), 1).columns(Terminal.OUT))
                .isEqualTo(-1);
    }

    @Test
    void anAnswerThatNobodyWaitedForIsNotKept() {
        columns = -1;
        Thread.currentThread().interrupt();
        assertThat(terminal.width(System.out)).isEqualTo(80);
        assertThat(Thread.interrupted()).isTrue();
        columns = 132;

        assertThat(terminal.width(System.out)).isEqualTo(132);
    }

    @Test
    void noProcessIsLeftBehind() {
        String mark = "98765";

        assertThat(new Stty(List.of("sh", "-c", "exec sleep " + mark), 1).columns(Terminal.OUT))
                .isEqualTo(-1);

        ProcessHandle.current()
                .children()
                .filter(child -> List.of(child.info().arguments().orElse(new String[0]))
                        .toString()
                        .contains(mark))
                .forEach(child -> child.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    }

    @Test
    void whoIsInterruptedStaysSo() {
        Thread.currentThread().interrupt();

        int columns = new Stty(List.of("sh", "-c", "exec sleep 60"), 60_000).columns(Terminal.ERR);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(columns).isEqualTo(-1);
    }
}
