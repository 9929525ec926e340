package io.mutil.examples;

import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.mutil.wproxy.Upstream;
import io.mutil.wproxy.WProxy;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A service that sends random quotes, a proxy, and two subscribers that print theirs. */
public final class Quotes {
    private static final List<String> SYMBOLS = List.of("AAPL", "IBM", "MSFT");
    private static final int PRINTED = 5;

    private final Random random = new Random();

    private Quotes() {}

    /** Runs all of them until both subscribers have printed some quotes. */
    public static void main(String... args) throws IOException, InterruptedException {
        var first = new Subscriber("first", "AAPL");
        var second = new Subscriber("second", "AAPL", "MSFT");
        try (WebSocketServer service =
                        WebSocketServer.builder(new WebSocketListener() {}).start();
                WProxy proxy = WProxy.builder(Upstream.webSocket(service.uri())).start();
                WebSocket one = WebSocketClient.builder(proxy.uri(), first).connect();
                WebSocket other = WebSocketClient.builder(proxy.uri(), second).connect()) {
            System.out.println(one + " and " + other + " subscribe");
            var quotes = new Quotes();
            while (!first.hasEnough() || !second.hasEnough()) {
                for (WebSocket connection : service.connections()) {
                    connection.send(quotes.next());
                }
                Thread.sleep(20);
            }
        }
    }

    /** A few quotes in a message, as services send them. */
    private String next() {
        return "[" + quote() + "," + quote() + "]";
    }

    private String quote() {
        String symbol = SYMBOLS.get(random.nextInt(SYMBOLS.size()));
        return String.format(Locale.ROOT, "{\"sym\":\"%s\",\"price\":%.2f}", symbol, 100 + 10 * random.nextDouble());
    }

    /** Prints what it gets, some of it. */
    private static final class Subscriber implements WebSocketListener {
        private final String name;
        private final List<String> symbols;
        private final CountDownLatch left = new CountDownLatch(PRINTED);

        Subscriber(String name, String... symbols) {
            this.name = name;
            this.symbols = List.of(symbols);
        }

        @Override
        public void onOpen(WebSocket socket) {
            var unused = socket.sendAsync("{\"subscribe\": [\"" + String.join("\", \"", symbols) + "\"]}");
        }

        @Override
        public void onText(WebSocket socket, String text) {
            if (!hasEnough()) {
                System.out.println(name + ": " + text);
                left.countDown();
            }
        }

        boolean hasEnough() {
            return left.getCount() == 0;
        }
    }
}
