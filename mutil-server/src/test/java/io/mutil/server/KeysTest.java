package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final byte[] MESSAGE = {1, 2, 3};

    private final Keys keys = Keys.builder()
            .add("2026-11", "first secret of sixteen bytes".getBytes(UTF_8))
            .add("2026-10", "clé → 配".toCharArray())
            .build();

    @Test
    void oneKeyIsTheDefault() {
        assertThat(Keys.of(Side.SECRET).ids()).containsExactly("default");
    }

    @Test
    void showsIdsOnly() {
        assertThat(keys).hasToString("Keys[2026-11, 2026-10]");
        assertThat(keys.ids()).containsExactly("2026-11", "2026-10");
    }

    @Test
    void textIsTakenAsUtf8() throws Exception {
        assertThat(keys.mac(1, Hmac.SHA_512, MESSAGE))
                .isEqualTo(Hmac.SHA_512.compute("clé → 配".getBytes(UTF_8), MESSAGE));
    }

    @Test
    void copiesWhatItIsGiven() throws Exception {
        byte[] secret = Side.SECRET.clone();
        Keys copied = Keys.of(secret);

        java.util.Arrays.fill(secret, (byte) 0);

        assertThat(copied.mac(0, Hmac.SHA_512, MESSAGE)).isEqualTo(Hmac.SHA_512.compute(Side.SECRET, MESSAGE));
    }

    @Test
    void findsKeysByTheirId() {
        assertThat(keys.indexOf("2026-11".getBytes(UTF_8))).isZero();
        assertThat(keys.indexOf("2026-10".getBytes(UTF_8))).isEqualTo(1);
        assertThat(keys.indexOf("2026-1".getBytes(UTF_8))).isEqualTo(Keys.UNKNOWN);
    }

    @Test
    void computesForAnUnknownKeyToo() throws Exception {
        byte[] proof = keys.mac(Keys.UNKNOWN, Hmac.SHA_512, MESSAGE);

        assertThat(proof).hasSize(64).isNotEqualTo(Keys.of(Side.SECRET).mac(Keys.UNKNOWN, Hmac.SHA_512, MESSAGE));
    }

    @Test
    void closingOverwritesTheBytes() {
        List<byte[]> secrets = keys.secrets();
        assertThat(secrets).allMatch(secret -> secret[0] != 0);

        keys.close();
        keys.close();

        assertThat(secrets)
                .hasSize(2)
                .allMatch(secret -> new String(secret, UTF_8).chars().allMatch(c -> c == 0));
        assertThatThrownBy(() -> keys.mac(0, Hmac.SHA_512, MESSAGE))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> keys.mac(Keys.UNKNOWN, Hmac.SHA_512, MESSAGE))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void emptyAndEndlessKeysAreRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> Keys.of(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has none");
        assertThatThrownBy(() -> Keys.builder().add("x", new char[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Keys.of(new byte[65_537])).isInstanceOf(IllegalArgumentException.class);
        assertThat(Keys.of(new byte[1]).ids()).hasSize(1);
    }

    @Test
    void halfACharacterIsNoText() {
        assertThatThrownBy(() -> Keys.builder().add("x", new char[] {'a', '\ud83d', 'b'}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("surrogate");
        assertThatThrownBy(() -> Keys.builder().add("x", new char[] {'a', '\ud83d'}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void idsHaveToFitTheirField() {
        Keys.Builder builder = Keys.builder().add("é".repeat(32), Side.SECRET);

        for (String id : List.of("", "é".repeat(32) + "e", "line\nfeed", "é".repeat(32))) {
            assertThatThrownBy(() -> builder.add(id, Side.SECRET)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSetHasAtLeastOneKey() {
        assertThatThrownBy(() -> Keys.builder().build()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void warnsOfShortKeysWithoutShowingThem() {
        try (var log = LogLines.of(Keys.class, Level.WARNING)) {
            Keys.builder()
                    .add("short", "fifteen bytes !".getBytes(UTF_8))
                    .add("enough", new byte[16])
                    .build();

            assertThat(log.at(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("\"short\"")
                    .doesNotContain("fifteen");
        }
    }
}
