package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigV4BuilderTest {
    private final SigV4Builder builder = SigV4.builder(Credentials.of("a", "b"));

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "a\n", "é"})
    void namesThatWouldBlurTheScopeAreRefused(String name) {
        assertThatThrownBy(() -> builder.region(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("region must be a name without slashes and spaces, was \"" + name + "\"");
        assertThatThrownBy(() -> builder.service(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("service must be");
    }

    @Test
    void credentialsAreNeededAtOnce() {
        assertThatThrownBy(() -> SigV4.builder(nothing()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("credentials");
    }

    @SuppressWarnings("NullAway") // as a caller without the checker could
    private static Credentials nothing() {
        return null;
    }

    @Test
    void hostMayComeWithCredentialsThatChange() {
        assertThat(SigV4.forHost("s3.us-west-2.amazonaws.com", () -> Credentials.of("a", "b")))
                .hasToString("SigV4[s3 in us-west-2]");
    }

    @Test
    void sessionsOfS3ExpressAreForItAlone() {
        builder.service("s3").region("us-east-1").s3ExpressSession();

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("s3ExpressSession() is for the service s3express, was s3");
    }

    @Test
    void saysWhatIsMissing() {
        builder.service("s3");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("service() and region() are needed, or a host() that tells them");
    }
}
