/** Rounding to increments, price formatting. */
module io.mutil.numeric {
    requires static org.jspecify;

    exports io.mutil.numeric;
}
