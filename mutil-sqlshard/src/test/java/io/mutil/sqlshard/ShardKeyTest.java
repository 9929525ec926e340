package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShardKeyTest {
    @Test
    void ordersNumbersBeforeTextBeforeBytes() {
        List<ShardKey> ordered = List.of(
                ShardKey.of(Double.NEGATIVE_INFINITY),
                ShardKey.of(Long.MIN_VALUE),
                ShardKey.of(-1.5),
                ShardKey.of(-1L),
                ShardKey.of(0.5),
                ShardKey.of(1L),
                ShardKey.of(Long.MAX_VALUE),
                ShardKey.of(0x1p63),
                ShardKey.of(""),
                ShardKey.of("a"),
                ShardKey.of("a", 1L),
                ShardKey.of("\uFFFD"),
                ShardKey.of("\uD83D\uDE00"),
                ShardKey.of(new byte[0]),
                ShardKey.of(new byte[] {1}),
                ShardKey.of(new byte[] {-1}));

        for (int i = 0; i < ordered.size(); i++) {
            for (int j = 0; j < ordered.size(); j++) {
                assertThat(Integer.signum(ordered.get(i).compareTo(ordered.get(j))))
                        .as("%s against %s", ordered.get(i), ordered.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void takesEqualNumbersForTheSamePart() {
        assertSame(1L, 1.0);
        assertSame(0.0, -0.0);
        assertSame(0L, -0.0);
        assertSame(Long.MIN_VALUE, -0x1p63);
        assertSame(1L << 53, 0x1p53);
        assertSame(7, 7L);
        assertSame(0.5f, 0.5);
    }

    private static void assertSame(Object a, Object b) {
        ShardKey x = ShardKey.of(a, "rest");
        ShardKey y = ShardKey.of(b, "rest");
        assertThat(x).isEqualTo(y).hasSameHashCodeAs(y).isEqualByComparingTo(y);
        assertThat(KeyPart.shard(x.raw(0), 1009)).isEqualTo(KeyPart.shard(y.raw(0), 1009));
    }

    @Test
    void comparesLongsWithDoublesExactly() {
        assertThat(ShardKey.of((1L << 53) + 1)).isGreaterThan(ShardKey.of(0x1p53));
        assertThat(ShardKey.of(Long.MAX_VALUE)).isLessThan(ShardKey.of((double) Long.MAX_VALUE));
        assertThat(ShardKey.of(-1L)).isGreaterThan(ShardKey.of(-1.5));
        assertThat(ShardKey.of(-2L)).isLessThan(ShardKey.of(-1.5));
    }

    @Test
    void refusesWhatSqliteCannotKeep() {
        assertRefused("at least one part");
        assertRefused("NaN", Double.NaN);
        assertRefused("half a surrogate pair at 1", "a\uD83D");
        assertRefused("half a surrogate pair at 0", "\uDE00\uD83D");
        assertRefused("java.lang.Object", new Object());
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        assertRefused("part 1 of a key is null", "a", null);
    }

    private static void assertRefused(String problem, Object... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardKey.of(parts))
                .withMessageContaining(problem);
    }

    @Test
    void doesNotChangeWithTheBytesItWasMadeOf() {
        byte[] bytes = {1, 2};
        ShardKey key = ShardKey.of(bytes);
        bytes[0] = 9;
        ((byte[]) key.part(0))[1] = 9;

        assertThat(key).isEqualTo(ShardKey.of(new byte[] {1, 2}));
    }

    @Test
    void showsItsParts() {
        assertThat(ShardKey.of("IBM", 1L, 0.5, new byte[] {10})).hasToString("(\"IBM\", 1, 0.5, x'0a')");
    }

    @Test
    void knowsHowManyBytesItTakes() {
        assertThat(ShardKey.of("a\u00e9\u20ac\ud83d\ude00", 1L, 0.5, new byte[3])
                        .bytes())
                .isEqualTo(10 + 8 + 8 + 3);
    }
}
