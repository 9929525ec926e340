package io.mutil.sqlshard;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The keys that begin with a prefix and lie between two bounds, in one of the two orders, up to a number. */
record Range(
        int keyLength,
        List<Object> prefix,
        @Nullable Bound lower,
        @Nullable Bound upper,
        boolean descending,
        long limit) {
    static Range all(int keyLength) {
        return new Range(keyLength, List.of(), null, null, false, Long.MAX_VALUE);
    }

    Range {
        prefix = List.copyOf(prefix);
        if (prefix.size() > keyLength) {
            throw new IllegalArgumentException("prefix has " + prefix.size() + " parts, but keys of this store have "
                    + keyLength + "; leave out parts");
        }
        if (prefix.size() == keyLength && (lower != null || upper != null)) {
            throw new IllegalArgumentException("prefix has all " + keyLength + " parts of a key, so there is none for a"
                    + " bound; leave out parts of the prefix");
        }
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative, was " + limit);
        }
    }

    Range withPrefix(List<Object> parts) {
        return new Range(keyLength, parts, lower, upper, descending, limit);
    }

    Range withLower(Bound bound) {
        return new Range(keyLength, prefix, bound, upper, descending, limit);
    }

    Range withUpper(Bound bound) {
        return new Range(keyLength, prefix, lower, bound, descending, limit);
    }

    Range withOrder(boolean descending) {
        return new Range(keyLength, prefix, lower, upper, descending, limit);
    }

    Range withLimit(long limit) {
        return new Range(keyLength, prefix, lower, upper, descending, limit);
    }

    /** What comes after one of its keys. */
    Range after(ShardKey key) {
        var bound = new Bound(rest(key), false);
        return descending ? withUpper(bound) : withLower(bound);
    }

    /** What comes before one of its keys, and that key. */
    Range until(ShardKey key) {
        var bound = new Bound(rest(key), true);
        return descending ? withLower(bound) : withUpper(bound);
    }

    private List<Object> rest(ShardKey key) {
        List<Object> rest = new ArrayList<>();
        for (int i = prefix.size(); i < keyLength; i++) {
            rest.add(key.raw(i));
        }
        return rest;
    }

    /** Columns: the key, and the data if that is wanted. All is found and ordered by the index of the primary key. */
    String select(boolean withData) {
        return "SELECT " + keys("") + (withData ? ", data" : "") + " FROM db" + where() + " ORDER BY "
                + keys(descending ? " DESC" : "") + " LIMIT ?";
    }

    private String keys(String suffix) {
        return IntStream.range(0, keyLength).mapToObj(i -> "key_" + i + suffix).collect(Collectors.joining(", "));
    }

    private String where() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < prefix.size(); i++) {
            all.add("key_" + i + " = ?");
        }
        if (lower != null) {
            all.add(lower.condition(prefix.size(), ">"));
        }
        if (upper != null) {
            all.add(upper.condition(prefix.size(), "<"));
        }
        return all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all);
    }

    void bind(PreparedStatement select) throws SQLException {
        int at = new Bound(prefix, true).bind(select, 1);
        at = lower == null ? at : lower.bind(select, at);
        at = upper == null ? at : upper.bind(select, at);
        select.setLong(at, limit);
    }
}
