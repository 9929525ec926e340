/** Re-arming loop over tasks; clean start and stop of a program. */
module io.mutil.loop {
    requires static org.jspecify;

    exports io.mutil.loop;
}
