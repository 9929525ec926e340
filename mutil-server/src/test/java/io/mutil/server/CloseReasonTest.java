package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseReasonTest {
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1005, 1006, 1015, 2999, 5000})
    void codeThatMayNotBeSentIsRefused(int code) {
        assertThatThrownBy(() -> CloseReason.toSend(code, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1003, 1007, 1014, 3000, 4999})
    void codeThatMayBeSentPasses(int code) {
        assertThat(CloseReason.toSend(code, "x").code()).isEqualTo(code);
    }

    @Test
    void longReasonIsCutAtACodePoint() {
        String cut = CloseReason.toSend(1000, "x".repeat(121) + "\uD83D\uDE00").reason();
        String fits = CloseReason.toSend(1000, "x".repeat(119) + "\uD83D\uDE00").reason();

        assertThat(cut).isEqualTo("x".repeat(121));
        assertThat(fits.getBytes(UTF_8)).hasSize(123);
    }

    @Test
    void reasonTextIsOptional() {
        assertThat(new CloseReason(1000, "")).hasToString("1000");
        assertThat(new CloseReason(1001, "bye")).hasToString("1001 bye");
    }

    @Test
    void reasonThatAPeerChoseForgesNoLineOfALog() {
        assertThat(new CloseReason(1000, "bye\n12:00 all is well")).hasToString("1000 \"bye\\u000a12:00 all is well\"");
    }
}
