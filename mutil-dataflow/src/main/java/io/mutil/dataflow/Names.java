package io.mutil.dataflow;

import java.util.regex.Pattern;

/** The rule for names of topologies and levels, which appear in thread names, logs and statistics. */
final class Names {
    private static final Pattern RULE = Pattern.compile("[\\w.-]{1,64}");

    private Names() {}

    static String check(String name) {
        if (!RULE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must be 1 to 64 letters, digits, '_', '.' or '-', was '" + name + "'");
        }
        return name;
    }
}
