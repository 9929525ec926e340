package io.mutil.bench.lru;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** Keys that are there, and in which order they are asked for. */
final class Load {
    private static final int MOST_DRAWS = 1 << 21;
    private static final int DRAWS_EACH = 16;
    private static final double POWER = 0.99;

    private final String[] keys;
    private final int[] order;

    private Load(String[] keys, int[] order) {
        this.keys = keys;
        this.order = order;
    }

    /**
     * The load of a name: {@code loop-2100} asks for 2,100 keys in turn, {@code zipf-100000} for some much more often than for
     * others, {@code uniform-1000000} for any.
     */
    static Load named(String name) {
        String[] parts = name.split("-", 2);
        if (parts.length != 2 || !parts[1].matches("[1-9]\\d{0,7}")) {
            throw new IllegalArgumentException("no load " + name + "; loop-2100 is one");
        }
        int count = Integer.parseInt(parts[1]);
        var random = new SplittableRandom(count);
        return new Load(shuffled(count, random), order(parts[0], count, random));
    }

    private static int[] order(String kind, int count, SplittableRandom random) {
        return switch (kind) {
            case "loop" -> IntStream.range(0, count).toArray();
            case "zipf" -> {
                var zipf = new Zipf(count, POWER);
                yield drawn(count, () -> zipf.draw(random));
            }
            case "uniform" -> drawn(count, () -> random.nextInt(count));
            default ->
                throw new IllegalArgumentException("no load of kind " + kind + "; there are loop, zipf, uniform");
        };
    }

    private static int[] drawn(int keys, IntSupplier draw) {
        return IntStream.generate(draw)
                .limit(Math.min(MOST_DRAWS, (long) keys * DRAWS_EACH))
                .toArray();
    }

    /** Shuffled, so that what is asked for often does not lie together in memory. */
    private static String[] shuffled(int count, SplittableRandom random) {
        String[] keys = keys(count);
        for (int i = count - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            String key = keys[i];
            keys[i] = keys[other];
            keys[other] = key;
        }
        return keys;
    }

    /** So many keys. */
    static String[] keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key-" + i).toArray(String[]::new);
    }

    String[] keys() {
        return keys.clone();
    }

    /**
     * What is asked for, one after the other, and from the beginning again.
     *
     * @param distinct strings that equal the keys, instead of the keys themselves
     */
    String[] asked(boolean distinct) {
        String[] objects = distinct ? Arrays.stream(keys).map(Load::copy).toArray(String[]::new) : keys;
        return Arrays.stream(order).mapToObj(i -> objects[i]).toArray(String[]::new);
    }

    @SuppressWarnings("StringCopy")
    private static String copy(String key) {
        return new String(key.toCharArray());
    }
}
