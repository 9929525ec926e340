package io.mutil.examples;

/** What a {@link BarMaker} sends. */
sealed interface Update {
    /**
     * The prices of one symbol in one second.
     *
     * @param second since 1970
     */
    record Bar(String symbol, long second, double open, double high, double low, double close, long volume)
            implements Update {
        static Bar of(Trade trade) {
            double price = trade.price();
            return new Bar(trade.symbol(), trade.time() / 1000, price, price, price, price, trade.quantity());
        }

        Bar with(Trade trade) {
            double price = trade.price();
            return new Bar(
                    symbol,
                    second,
                    open,
                    Math.max(high, price),
                    Math.min(low, price),
                    price,
                    volume + trade.quantity());
        }
    }

    /**
     * What came through one pipe since the last time.
     *
     * @param pipe its number, from 0
     * @param trades how many
     * @param quantity of all of them together
     */
    record Statistics(int pipe, long trades, long quantity) implements Update {}
}
