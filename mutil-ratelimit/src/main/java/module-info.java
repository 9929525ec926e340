/** Sliding window, fixed window and paced limits. */
module io.mutil.ratelimit {
    requires static org.jspecify;

    exports io.mutil.ratelimit;
}
