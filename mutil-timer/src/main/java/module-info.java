/** Section timer. */
module io.mutil.timer {
    requires static org.jspecify;
}
