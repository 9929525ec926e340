package io.mutil.bench.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contestants of {@link SignSuite} do the same. */
class SignersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-02-29T23:59:59Z"), ZoneOffset.UTC);

    private final Signer mutil = Signers.of("mutil", CLOCK);

    @ParameterizedTest
    @ValueSource(strings = {"awsSdk", "minio"})
    void signaturesAgree(String who) {
        Signer peer = Signers.of(who, CLOCK);
        byte[] body = {1, 2, 3};

        assertThat(peer.get()).isEqualTo(mutil.get());
        assertThat(peer.put(body)).isEqualTo(mutil.put(body));
        assertThat(signature(peer.presign())).isEqualTo(signature(mutil.presign()));
    }

    private static String signature(String link) {
        int at = link.indexOf("X-Amz-Signature=");
        assertThat(at).isPositive();
        return link.substring(at).split("&", -1)[0];
    }

    @Test
    void othersAreRefused() {
        assertThatThrownBy(() -> Signers.of("boto", CLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was boto");
    }
}
