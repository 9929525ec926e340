package io.mutil.examples;

import io.mutil.dataflow.RunningDataflow;
import java.io.PrintStream;

/** Ends a topology cleanly when the program is interrupted or told to terminate. */
final class StopOnSignal {
    private StopOnSignal() {}

    static void close(RunningDataflow running, PrintStream out) {
        var hook = new Thread(
                () -> {
                    running.close();
                    out.println();
                    out.println("stopped; " + running.stats().lost() + " items lost");
                    out.flush();
                    // A JVM that a signal ends reports failure, and this was none.
                    Runtime.getRuntime().halt(0);
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
