package io.mutil.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberArrayTest {
    @Test
    void writesConsecutiveNumbers() {
        var array = new NumberArray(3);

        assertThat(array.from(99)).isEqualTo("[99,100,101]");
        assertThat(array.from(7)).isEqualTo("[7,8,9]");
    }

    @Test
    void writesWhatTheSuitesRead() {
        assertThat(new NumberArray(1000).from(Numbers.FIRST)).isEqualTo(new String(Numbers.jsonArray(1000), US_ASCII));
    }
}
