package io.mutil.examples;

import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** Prints random trades, as JSON in frames, to its standard output, until its standard input ends. */
final class Trades {
    private static final List<String> SYMBOLS = List.of("AAPL", "IBM", "MSFT", "NVDA");

    private final Random random;
    private final double[] prices = {230, 260, 480, 180};

    Trades(long seed) {
        random = new Random(seed);
    }

    /** Its argument is the seed of the random trades. */
    public static void main(String... args) throws IOException, InterruptedException {
        var trades = new Trades(Long.parseLong(args[0]));
        try (Pipe parent = Pipe.builder().over(0, 1)) {
            MessageStream<Trade> stream = parent.as(JsonCodec.of(Trade.class));
            var end = parent.readAsync();
            while (!end.isDone()) {
                stream.write(trades.next(System.currentTimeMillis()));
                Thread.sleep(1);
            }
        }
    }

    Trade next(long time) {
        int symbol = random.nextInt(SYMBOLS.size());
        prices[symbol] *= 1 + random.nextGaussian() / 10_000;
        double price = Math.round(prices[symbol] * 100) / 100.0;
        return new Trade(SYMBOLS.get(symbol), price, 100L * (1 + random.nextInt(10)), time);
    }
}
