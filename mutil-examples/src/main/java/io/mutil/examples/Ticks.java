package io.mutil.examples;

import io.mutil.numeric.Grid;
import io.mutil.numeric.PriceFormat;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;

/** Rounds prices to a tick size: the first argument is the tick, the others are the prices. */
public final class Ticks {
    private static final int WIDTH = 16;

    private Ticks() {}

    /** Prints a line for each price; a few of its own if there are none. */
    public static void main(String... args) {
        List<String> words = args.length > 1 ? List.of(args) : List.of("0.05", "1.03", "-0.01", "1234567.891", "1.025");
        print(words.get(0), words.subList(1, words.size()), System.out);
    }

    /** The price, the ticks around it, and the nearest. */
    static void print(String tick, List<String> prices, PrintStream out) {
        Grid ticks = Grid.of(tick);
        int decimals = Math.max(2, ticks.increment().scale());
        PriceFormat given = PriceFormat.builder().decimals(0, 18).build().padded(WIDTH);
        PriceFormat rounded =
                PriceFormat.builder().decimals(decimals, decimals).build().padded(WIDTH);

        for (String text : prices) {
            var price = new BigDecimal(text);
            var line = new StringBuilder();
            given.appendTo(line, price).append("  down");
            rounded.appendTo(line, ticks.roundDown(price)).append("  near");
            rounded.appendTo(line, ticks.round(price)).append("  up");
            out.println(rounded.appendTo(line, ticks.roundUp(price)));
        }
    }
}
