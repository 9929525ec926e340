package io.mutil.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static void assertRefused(Consumer<FramePrinterBuilder> choice, String message) {
        assertThatThrownBy(() -> choice.accept(FramePrinter.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void whatMakesNoSenseIsRefusedAtOnce() {
        assertRefused(b -> b.width(19), "width must be at least 20, was 19");
        assertRefused(b -> b.headerEvery(0), "headerEvery must be positive, was 0");
        assertRefused(b -> b.decimals(-1), "decimals must be from 0 to 15, was -1");
        assertRefused(b -> b.decimals("price", 16), "decimals must be from 0 to 15, was 16");
        assertRefused(b -> b.maxDecimals(16), "maxDecimals must be from 0 to 15, was 16");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsRefusedAtOnce() {
        List<Consumer<FramePrinterBuilder>> choices = List.of(
                b -> b.border(null),
                b -> b.wide(null),
                b -> b.caption(null),
                b -> b.nulls(null),
                b -> b.colours(null),
                b -> b.decimals(null, 1),
                b -> b.build().format(null),
                b -> b.build().print(Rows.ofRecords(List.of(), Empty.class), null));

        assertThat(choices)
                .allSatisfy(choice -> assertThatThrownBy(() -> choice.accept(FramePrinter.builder()))
                        .isInstanceOf(NullPointerException.class));
    }

    private record Empty() {}

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void whatIsNoRecordIsRefused() {
        assertThatThrownBy(() -> Rows.ofRecords(List.of(), (Class) String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("java.lang.String is no record; name the class of the records");
    }

    @Test
    void aPrinterTellsItsChoices() {
        assertThat(FramePrinter.builder().width(99).caption("Orders").build().toString())
                .contains("width=99", "border=UNICODE", "caption=Orders");
    }
}
