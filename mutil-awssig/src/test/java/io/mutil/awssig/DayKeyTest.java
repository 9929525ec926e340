package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a key keeps of the last second must not get into another one. */
class DayKeyTest {
    private static final Credentials WHO = Credentials.of("AKID", "wJalr");
    private static final URI OBJECT = URI.create("https://bucket.s3.eu-central-1.amazonaws.com/a.txt");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SettableClock clock = new SettableClock("2030-01-01T12:00:00Z");

    private static SigV4 signer(Clock clock) {
        return SigV4.builder(WHO)
                .service("s3")
                .region("eu-central-1")
                .clock(clock)
                .build();
    }

    /** By a key that is used for nothing else. */
    private static String signature(Instant time) {
        return signer(Clock.fixed(time, ZoneOffset.UTC)).sign("GET", OBJECT).signature();
    }

    @Test
    void eachSecondIsSignedAsByAKeyOfItsOwn() {
        SigV4 signer = signer(clock);

        for (Duration step : new Duration[] {Duration.ZERO, Duration.ZERO, SECOND, SECOND.negated(), SECOND}) {
            clock.advance(step);
            assertThat(signer.sign("GET", OBJECT).signature()).isEqualTo(signature(clock.instant()));
        }
        assertThat(signer.stats().keysDerived()).isEqualTo(1);
    }

    @Test
    void threadsSignInTheirOwnSecondWhileTheClockGoesOn() {
        SigV4 signer = signer(clock);

        boolean all = IntStream.range(0, 1000).parallel().allMatch(i -> {
            clock.advance(SECOND);
            Signed signed = signer.sign("GET", OBJECT);
            long second = Stamp.parse(String.valueOf(signed.headers().get("x-amz-date")))
                    .epochSecond();
            return signed.signature().equals(signature(Instant.ofEpochSecond(second)));
        });

        assertThat(all).isTrue();
        assertThat(signer.stats().keysDerived()).isEqualTo(1);
    }
}
