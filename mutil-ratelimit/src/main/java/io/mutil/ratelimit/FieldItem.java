package io.mutil.ratelimit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An item of a list, or a member of a dictionary, of structured fields (RFC 9651).
 *
 * @param name the item, or the member's key
 * @param value the member's value; empty for an item
 * @param parameters by key; an empty value for one that has none
 */
record FieldItem(String name, String value, Map<String, String> parameters) {
    private static final int LONGEST = 4096;
    /** A string, or whatever else has none of the marks between items. */
    private static final String BARE = "\"(?:[^\"\\\\]|\\\\[\"\\\\])*+\"|:[A-Za-z0-9+/=]*+:|[^\",;=\\s]++";

    private static final String KEY = "[a-z*][a-z0-9_.*-]*+";
    private static final Pattern ITEM = Pattern.compile("[ \\t]*+(" + BARE + ")");
    private static final Pattern VALUE = Pattern.compile("=(" + BARE + ")");
    private static final Pattern PARAMETER = Pattern.compile(";[ ]*+(" + KEY + ")(?:=(" + BARE + "))?+");
    private static final Pattern COMMA = Pattern.compile("[ \\t]*+(,|$)");

    /** All items of a field; none if any of it is malformed, as RFC 9651 has it. */
    static List<FieldItem> list(String field) {
        var items = new ArrayList<FieldItem>();
        if (field.isEmpty() || field.length() > LONGEST) {
            return items;
        }
        var rest = new Rest(field);
        do {
            if (!rest.skip(ITEM)) {
                return List.of();
            }
            String name = bare(rest.group(1));
            String value = rest.skip(VALUE) ? bare(rest.group(1)) : "";
            Map<String, String> parameters = new HashMap<>();
            while (rest.skip(PARAMETER)) {
                parameters.put(rest.group(1), bare(rest.group(2)));
            }
            items.add(new FieldItem(name, value, parameters));
            if (!rest.skip(COMMA)) {
                return List.of();
            }
        } while (!rest.group(1).isEmpty());
        return items;
    }

    private static String bare(String text) {
        return text.startsWith("\"") ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1") : text;
    }

    private static final class Rest {
        private final Matcher matcher;
        private int at;

        Rest(String text) {
            matcher = ITEM.matcher(text);
        }

        boolean skip(Pattern pattern) {
            matcher.usePattern(pattern).region(at, matcher.regionEnd());
            boolean found = matcher.lookingAt();
            at = found ? matcher.end() : at;
            return found;
        }

        /** Empty if it took no part. */
        String group(int number) {
            String text = matcher.group(number);
            return text == null ? "" : text;
        }
    }

    String parameter(String key, String otherwise) {
        return parameters.getOrDefault(key, otherwise);
    }
}
