package io.mutil.sqlshard;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements for keys of one length. */
final class Sql {
    private final int keyLength;
    private final String keys;
    private final String marks;

    Sql(int keyLength) {
        this.keyLength = keyLength;
        this.keys = each("key_%d", ", ");
        this.marks = each("?", ", ");
    }

    private String each(String pattern, String between) {
        return IntStream.range(0, keyLength)
                .mapToObj(i -> String.format(pattern, i))
                .collect(Collectors.joining(between));
    }

    int keyLength() {
        return keyLength;
    }

    /** {@code key_0, key_1, ...} */
    String keys() {
        return keys;
    }

    /** As the original writes it. */
    String createTable() {
        return "CREATE TABLE IF NOT EXISTS db (" + keys + ", data, PRIMARY KEY(" + keys + "))";
    }

    private String whereKey() {
        return " WHERE " + each("key_%d = ?", " AND ");
    }

    /** Parameters: the key. */
    String select() {
        return "SELECT data FROM db" + whereKey();
    }

    /** Parameters: the key. */
    String contains() {
        return "SELECT 1 FROM db" + whereKey();
    }

    /** Parameters: the key, the data. Unlike REPLACE it leaves the row where it is. */
    String put() {
        return insert() + " ON CONFLICT DO UPDATE SET data = excluded.data";
    }

    /** Parameters: the key, the data. */
    String putIfAbsent() {
        return insert() + " ON CONFLICT DO NOTHING";
    }

    /** Parameters: the key, the data. */
    String insert() {
        return "INSERT INTO db VALUES (" + marks + ", ?)";
    }

    /** Parameters: the key. */
    String delete() {
        return "DELETE FROM db" + whereKey();
    }

    String deleteAll() {
        return "DELETE FROM db";
    }

    String count() {
        return "SELECT count(*) FROM db";
    }

    /** Columns: the key, the data, the rowid. Parameters: the last rowid of the page before, how many. */
    String pageByRowid() {
        return "SELECT " + keys + ", data, rowid FROM db WHERE rowid > ? ORDER BY rowid LIMIT ?";
    }

    /** Columns: the key, the data, the rowid. */
    String all() {
        return "SELECT " + keys + ", data, rowid FROM db";
    }

    /** Columns: the key, the data. Parameter: how many. */
    String firstPage() {
        return "SELECT " + keys + ", data FROM db ORDER BY " + keys + " LIMIT ?";
    }

    /** Columns: the key, the data. Parameters: the last key of the page before, how many. */
    String nextPage() {
        return "SELECT " + keys + ", data FROM db WHERE (" + keys + ") > (" + marks + ") ORDER BY " + keys + " LIMIT ?";
    }
}
