package io.mutil.timer;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.0 us",
        "3449, 3.4 us",
        "99_949, 99.9 us",
        "99_950, 100 us",
        "999_499, 999 us",
        "999_500, 1.0 ms",
        "3_400_000, 3.4 ms",
        "999_499_999, 999 ms",
        "999_500_000, 1.0 s",
        "59_949_999_999, 59.9 s",
        "59_950_000_000, 1m00s",
        "125_000_000_000, 2m05s",
        "3_599_499_999_999, 59m59s",
        "3_599_500_000_000, 1h00m",
        "3_720_000_000_000, 1h02m",
        "86_369_000_000_000, 23h59m",
        "86_370_000_000_000, 1d00h",
        "273_600_000_000_000, 3d04h",
        "9_223_372_036_854_775_807, 106752d00h"
    })
    void durationsAreShort(String nanos, String text) {
        assertThat(Human.duration(Long.parseLong(nanos.replace("_", "")))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "512, 512 B",
        "999, 999 B",
        "1000, 1.0 KiB",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "102400, 100 KiB",
        "1023999, 1.0 MiB",
        "1048576, 1.0 MiB",
        "9.223372036854775807E18, 8.0 EiB",
        "0.4, 0 B"
    })
    void bytesAreBinary(double bytes, String text) {
        assertThat(Human.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0", "0.004, 0.00", "0.123, 0.12", "0.996, 1.0", "12.34, 12.3", "99.95, 100", "12345.4, '12,345'"})
    void ratesHaveThreeDigitsOrAllBeforeThePoint(double rate, String text) {
        assertThat(Human.rate(rate)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0%", "0.29, 29%", "0.999, 99%", "0.9999999999, 99%", "1, 100%", "1.5, 150%"})
    void onlyAllIsAHundredPercent(double share, String text) {
        assertThat(Human.percent(share)).isEqualTo(text);
    }

    @Property
    void durationsHaveOneOfTheForms(@ForAll @LongRange(min = 0) long nanos) {
        assertThat(Human.duration(nanos))
                .matches("\\d{1,3} ns|(\\d{1,2}\\.\\d|\\d{3}) (us|ms)|\\d{1,2}\\.\\d s|\\d{3} ms"
                        + "|\\d{1,2}m[0-5]\\ds|\\d{1,2}h[0-5]\\dm|\\d+d[0-2]\\dh");
    }

    @Property
    void bytesHaveAtMostThreeDigits(@ForAll @DoubleRange(min = 0, max = 9e18) double bytes) {
        assertThat(Human.bytes(bytes)).matches("\\d{1,3} B|(\\d{1,2}\\.\\d|\\d{3}) [KMGTPE]iB");
    }
}
