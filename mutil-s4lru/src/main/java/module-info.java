/** Segmented LRU of (key, size) with state in SQLite. */
module io.mutil.s4lru {
    requires java.sql;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports io.mutil.s4lru;
}
