package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Blake2bTest {
    @Test
    void isThereInTheseTests() {
        Blake2b.require();
    }

    @Test
    void saysWhatToAddWhereItIsMissing() {
        assertThatThrownBy(() -> Blake2b.requirePresent("org.bouncycastle.crypto.digests.Absent"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("org.bouncycastle:bcprov-jdk18on");
    }
}
