/** Whole tables to the terminal or the log. */
module io.mutil.frame {
    requires static org.jspecify;
}
