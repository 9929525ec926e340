package io.mutil.awssig;

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
    void saysWhatIsMissing() {
        builder.service("s3");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("service() and region() are needed, or a host() that tells them");
    }
}
