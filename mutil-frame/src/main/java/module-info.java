/** Whole tables to the terminal or the log. */
// Tablesaw has no module descriptor; the name of its file gives the module its name
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.mutil.frame {
    requires transitive java.sql;
    requires static org.jspecify;
    requires transitive tablesaw.core;

    exports io.mutil.frame;
}
