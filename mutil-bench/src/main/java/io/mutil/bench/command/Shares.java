package io.mutil.bench.command;

/** What the commands work on. */
final class Shares {
    private long held;

    Long buy(String symbol, int quantity) {
        held += symbol.length() + (long) quantity;
        return held;
    }
}
