package io.mutil.bench.store;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random keys, a value for each, and another order to ask for them. */
final class Rows {
    private static final int VALUES = 10_000;
    private static final int JSON_BYTES = 200;
    private static final String[] WORDS = {
        "open", "close", "firm", "quoted", "by", "the", "desk", "size", "of", "lot", "even", "odd", "late", "early",
        "and", "at"
    };

    private final String[] keys;
    private final int[] order;
    private final Quote[] values;

    Rows(int count) {
        var random = new SplittableRandom(count);
        // all distinct, as the low half counts
        keys = IntStream.range(0, count)
                .mapToObj(i -> String.format("%08x%08x", random.nextInt(), i))
                .toArray(String[]::new);
        values = IntStream.range(0, Math.min(VALUES, count))
                .mapToObj(i -> value(random))
                .toArray(Quote[]::new);
        order = IntStream.range(0, count).toArray();
        shuffle(random);
    }

    private void shuffle(SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }

    private static Quote value(SplittableRandom random) {
        String symbol = String.format("%06X", random.nextInt(1 << 24));
        long time = 1_700_000_000_000L + random.nextInt(1 << 30);
        double bid = random.nextInt(1_000_000) / 100.0;
        double ask = bid + 1 + random.nextInt(100) / 100.0;
        int length = JSON_BYTES - Json.plain(new Quote(symbol, "XNAS", time, bid, ask, "")).length;
        return new Quote(symbol, "XNAS", time, bid, ask, note(length, random));
    }

    private static String note(int length, SplittableRandom random) {
        var note = new StringBuilder();
        while (note.length() < length) {
            note.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return note.substring(0, length);
    }

    int count() {
        return keys.length;
    }

    String key(int row) {
        return keys[row];
    }

    Quote value(int row) {
        return values[row % values.length];
    }

    /** The row that is asked for at that place. */
    int asked(int place) {
        return order[place];
    }
}
