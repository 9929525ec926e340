package io.mutil.awssig;

import java.util.Arrays;

/** Headers on their way into a canonical request. Names are lower case. Not thread-safe. */
final class HeaderList {
    private String[] names = new String[8];
    private String[] values = new String[8];
    private int size;

    /**
     * Whether a header is signed at all. Hops on the way may change the others, or the HTTP client sets them later.
     *
     * @param name in lower case
     */
    static boolean isSigned(String name) {
        return switch (name) {
            case "authorization",
                    "connection",
                    "expect",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "user-agent",
                    "x-amzn-trace-id" -> false;
            default -> true;
        };
    }

    void add(String name, String value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        names[size] = name;
        values[size] = value;
        size++;
    }

    /** Sorts by name; those of one name stay in order. */
    HeaderList sort() {
        for (int i = 1; i < size; i++) {
            String name = names[i];
            String value = values[i];
            int at = i;
            while (at > 0 && names[at - 1].compareTo(name) > 0) {
                names[at] = names[at - 1];
                values[at] = values[at - 1];
                at--;
            }
            names[at] = name;
            values[at] = value;
        }
        return this;
    }

    /** Once sorted: a line for each name, with its values joined by commas. */
    void writeTo(Text out) {
        for (int i = 0; i < size; i++) {
            if (isFirst(i)) {
                out.add(names[i]).add(':').addCollapsed(values[i]);
            } else {
                out.add(',').addCollapsed(values[i]);
            }
            if (i + 1 == size || isFirst(i + 1)) {
                out.add('\n');
            }
        }
    }

    /** Once sorted: the names, joined by semicolons. */
    void writeNamesTo(Text out) {
        for (int i = 0; i < size; i++) {
            if (i == 0) {
                out.add(names[i]);
            } else if (isFirst(i)) {
                out.add(';').add(names[i]);
            }
        }
    }

    /** Once sorted: the names, joined by semicolons. */
    String names() {
        var out = new Text(64);
        writeNamesTo(out);
        return out.ascii();
    }

    /** At most so many characters it writes, names included. */
    int length() {
        int length = 0;
        for (int i = 0; i < size; i++) {
            length += 2 * names[i].length() + values[i].length() + 3;
        }
        return length;
    }

    private boolean isFirst(int i) {
        return i == 0 || !names[i].equals(names[i - 1]);
    }
}
