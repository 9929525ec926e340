package io.mutil.examples;

import io.mutil.numeric.Grid;
import io.mutil.numeric.PriceFormat;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;

/** Rounds prices to a tick size: the first argument is the tick, the others are the prices. */
public final class Ticks {
    private static final int WIDTH = 16;
    private static final int MOST_DECIMALS = 18;
    private static final List<String> DEMO = List.of("1.03", "-0.01", "1234567.891", "1.025");

    private Ticks() {}

    /** Prints a line for each price; for a few of its own if there are no arguments. */
    public static void main(String... args) {
        String tick = args.length == 0 ? "0.05" : args[0];
        List<String> prices = args.length == 0 ? DEMO : List.of(args).subList(1, args.length);
        if (prices.isEmpty()) {
            System.err.println("usage: Ticks tick price...");
            return;
        }
        try {
            print(tick, prices, System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
        }
    }

    /** The price, the ticks around it, and the nearest. */
    static void print(String tick, List<String> prices, PrintStream out) {
        Grid ticks = Grid.of(tick);
        int decimals = Math.max(2, ticks.increment().scale());
        if (decimals > MOST_DECIMALS) {
            throw new IllegalArgumentException("tick must have at most " + MOST_DECIMALS + " decimals, was " + tick);
        }
        PriceFormat given =
                PriceFormat.builder().decimals(0, MOST_DECIMALS).build().padded(WIDTH);
        PriceFormat rounded =
                PriceFormat.builder().decimals(decimals, decimals).build().padded(WIDTH);

        for (String text : prices) {
            BigDecimal price = price(text);
            var line = new StringBuilder();
            given.appendTo(line, price).append("  down");
            rounded.appendTo(line, ticks.roundDown(price)).append("  near");
            rounded.appendTo(line, ticks.round(price)).append("  up");
            out.println(rounded.appendTo(line, ticks.roundUp(price)));
        }
    }

    private static BigDecimal price(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("price must be a decimal number like 1.03, was \"" + text + "\"", e);
        }
    }
}
