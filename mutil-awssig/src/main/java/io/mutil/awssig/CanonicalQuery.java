package io.mutil.awssig;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query, encoded in the one form that both sides sign: percent-encoded but for what is unreserved,
 * upper-case hex, a plus as the space that servers read it for. Not thread-safe.
 */
final class CanonicalQuery {
    private record Parameter(String name, String value) {}

    private static final Comparator<Parameter> ORDER =
            Comparator.comparing(Parameter::name).thenComparing(Parameter::value);

    private final List<Parameter> parameters = new ArrayList<>();

    private CanonicalQuery() {}

    /** Reads a query as it is sent. */
    static CanonicalQuery of(@Nullable String raw) {
        var query = new CanonicalQuery();
        if (raw != null) {
            query.read(raw);
        }
        return query;
    }

    private void read(String raw) {
        int from = 0;
        while (from <= raw.length()) {
            int end = raw.indexOf('&', from);
            int to = end < 0 ? raw.length() : end;
            if (to > from) {
                int equals = raw.indexOf('=', from);
                int nameEnd = equals < 0 || equals > to ? to : equals;
                String value = nameEnd == to ? "" : recoded(raw, nameEnd + 1, to);
                parameters.add(new Parameter(recoded(raw, from, nameEnd), value));
            }
            from = to + 1;
        }
    }

    /** Adds a parameter that is not encoded yet. */
    CanonicalQuery add(String name, String value) {
        parameters.add(new Parameter(encoded(name), encoded(value)));
        return this;
    }

    private static String encoded(String text) {
        return new Text(text.length() + 16).addEncoded(text).ascii();
    }

    /** Leaves out parameters by their encoded name. */
    CanonicalQuery without(String name) {
        parameters.removeIf(parameter -> parameter.name().equals(name));
        return this;
    }

    /** The encoded value of the first parameter with an encoded name; null if there is none. */
    @Nullable
    String value(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter.value();
            }
        }
        return null;
    }

    /**
     * The encoded name of a parameter that is there more than once; null if there is none.
     *
     * @param looked which names are looked at
     */
    @Nullable
    String repeated(Predicate<String> looked) {
        Set<String> names = new HashSet<>();
        for (Parameter parameter : parameters) {
            if (looked.test(parameter.name()) && !names.add(parameter.name())) {
                return parameter.name();
            }
        }
        return null;
    }

    /** Writes name and value of each, sorted by both in byte order. */
    void writeTo(Text out) {
        if (parameters.isEmpty()) {
            return;
        }
        parameters.sort(ORDER);
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (i > 0) {
                out.add('&');
            }
            out.add(parameter.name()).add('=').add(parameter.value());
        }
    }

    @Override
    public String toString() {
        var out = new Text(64);
        writeTo(out);
        return out.ascii();
    }

    private static String recoded(String raw, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Text.isUnreserved(raw.charAt(i))) {
                return recodedSlowly(raw, from, to);
            }
        }
        return raw.substring(from, to);
    }

    private static String recodedSlowly(String raw, int from, int to) {
        var out = new Text(to - from + 16);
        int i = from;
        while (i < to) {
            int c = raw.codePointAt(i);
            int decoded = c == '%' ? Text.escaped(raw, i, to) : -1;
            if (decoded >= 0) {
                out.addEncoded(decoded);
                i += 3;
            } else {
                out.addEncodedCodePoint(c == '+' ? ' ' : c);
                i += Character.charCount(c);
            }
        }
        return out.ascii();
    }
}
