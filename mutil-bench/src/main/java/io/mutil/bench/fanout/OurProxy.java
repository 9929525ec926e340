package io.mutil.bench.fanout;

import io.mutil.server.Backoff;
import io.mutil.wproxy.Upstream;
import io.mutil.wproxy.WProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Our proxy with its defaults, except that it looks for a lost upstream every half second. What may wait for a client, 1 MiB, is
 * more than the driver has under way.
 */
public final class OurProxy {
    private static final Backoff IMPATIENT =
            new Backoff(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(30));

    /** Kept, or else its level would be forgotten. */
    private static final Logger LOGGER = Logger.getLogger("io.mutil.wproxy");

    private OurProxy() {}

    /** Takes the address of the upstream. */
    public static void main(String[] args) throws IOException {
        LOGGER.setLevel(Level.WARNING);
        try (WProxy proxy = WProxy.builder(Upstream.webSocket(URI.create(args[0])))
                .backoff(IMPATIENT)
                .start()) {
            ProxyConsole.serve(proxy.port());
        }
    }
}
