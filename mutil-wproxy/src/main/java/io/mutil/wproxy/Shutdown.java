package io.mutil.wproxy;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Ends the program when it is told to terminate. Runs when the JVM shuts down, so it logs nothing: that has ended. */
record Shutdown(WProxy proxy, Duration drain, PrintStream out) implements Runnable {
    /** For what may still hang behind the drain: clients that answer nothing, a disk that takes nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    @Override
    public void run() {
        int status = 0;
        try {
            int clients = proxy.stats().clients();
            if (clients > 0) {
                out.println("stopping, " + clients + (clients == 1 ? " client is" : " clients are") + " told within "
                        + drain.toMillis() + " ms");
            }
            proxy.drainAsync(drain).get(drain.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
            Stats stats = proxy.stats();
            out.println("stopped; messages: " + stats.messagesIn() + " in, " + stats.messagesOut() + " out, "
                    + stats.missed() + " missed by clients that were slow");
        } catch (Exception e) {
            out.println("stopped, but not cleanly: " + e);
            status = 1;
        }
        out.flush();
        // a JVM that a signal ends reports failure, and this was none
        Runtime.getRuntime().halt(status);
    }
}
