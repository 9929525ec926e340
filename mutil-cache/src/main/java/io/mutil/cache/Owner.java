package io.mutil.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose entry a named file is: its name alone tells neither headers nor credentials of the request, so a hash of them is kept
 * among the headers of the entry, under a name that no header can have.
 */
final class Owner {
    private static final String HEADER = ":key";

    private Owner() {}

    static Map<String, List<String>> with(@Nullable String owner, Map<String, List<String>> headers) {
        if (owner == null) {
            return headers;
        }
        var marked = new HashMap<>(headers);
        marked.put(HEADER, List.of(owner));
        return marked;
    }

    static Map<String, List<String>> without(Map<String, List<String>> headers) {
        if (!headers.containsKey(HEADER)) {
            return headers;
        }
        var bare = new HashMap<>(headers);
        bare.remove(HEADER);
        return Map.copyOf(bare);
    }

    /** Of two entries that have the same body, only the mark tells those of different users apart. */
    static boolean isSame(Meta one, Meta other) {
        return Objects.equals(one.headers().get(HEADER), other.headers().get(HEADER));
    }

    static boolean owns(@Nullable String owner, Meta meta) {
        List<String> marks = meta.headers().get(HEADER);
        return owner == null ? marks == null : marks != null && marks.contains(owner);
    }
}
