/** A persistent map over N SQLite files. */
module io.mutil.sqlshard {
    requires transitive java.sql;
    requires org.xerial.sqlitejdbc;
    requires transitive tools.jackson.core;
    requires transitive tools.jackson.databind;
    requires static tools.jackson.dataformat.cbor;
    requires static org.jspecify;

    exports io.mutil.sqlshard;
}
