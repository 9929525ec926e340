package io.mutil.examples;

/**
 * A trade.
 *
 * @param time milliseconds since 1970
 */
record Trade(String symbol, double price, long quantity, long time) {}
