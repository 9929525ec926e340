/** Section timer. */
module io.mutil.timer {
    // only where the program has it; the default backend of System.Logger
    requires static java.logging;
    requires static org.jspecify;

    exports io.mutil.timer;
}
