package io.mutil.examples;

import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.server.Client;
import io.mutil.server.Connection;
import io.mutil.server.Keys;
import io.mutil.server.Server;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;

/** A server that tells prices, and a client that asks for some: JSON in frames, between two ends with the same key. */
public final class Prices {
    private static final Map<String, Double> PRICES = Map.of("IBM", 101.25, "MSFT", 420.5);

    record Quote(String symbol, double price) {}

    private Prices() {}

    /** Runs both. */
    public static void main(String... args) throws IOException, InterruptedException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Keys keys = Keys.of(secret);
        JsonCodec<Quote> quotes = JsonCodec.of(Quote.class);

        try (Server server = Server.builder(keys)
                        .onConnection(connection -> serve(connection.as(quotes)))
                        .start();
                Connection connection = Client.connect(server.endpoint(), keys)) {
            MessageStream<Quote> trades = connection.as(quotes);
            for (String symbol : new String[] {"IBM", "MSFT", "none"}) {
                trades.write(new Quote(symbol, 0));
                System.out.println(trades.read());
            }
        }
    }

    private static void serve(MessageStream<Quote> quotes) throws IOException, InterruptedException {
        for (Quote asked = quotes.read(); asked != null; asked = quotes.read()) {
            quotes.write(new Quote(asked.symbol(), PRICES.getOrDefault(asked.symbol(), 0.0)));
        }
    }
}
