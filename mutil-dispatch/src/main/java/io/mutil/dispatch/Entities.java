package io.mutil.dispatch;

import static java.util.Map.entry;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Characters that HTML writes by name or number, as far as comments have them. */
final class Entities {
    static final Pattern PATTERN = Pattern.compile("&(?:#(\\d{1,7})|#[xX](\\p{XDigit}{1,6})|(\\w+));");

    private static final Map<String, String> ENTITIES = Map.ofEntries(
            entry("amp", "&"),
            entry("lt", "<"),
            entry("gt", ">"),
            entry("quot", "\""),
            entry("apos", "'"),
            entry("nbsp", "\u00a0"),
            entry("ndash", "\u2013"),
            entry("mdash", "\u2014"),
            entry("hellip", "\u2026"),
            entry("lsquo", "\u2018"),
            entry("rsquo", "\u2019"),
            entry("ldquo", "\u201c"),
            entry("rdquo", "\u201d"),
            entry("laquo", "\u00ab"),
            entry("raquo", "\u00bb"),
            entry("copy", "\u00a9"),
            entry("reg", "\u00ae"),
            entry("trade", "\u2122"),
            entry("deg", "\u00b0"),
            entry("micro", "\u00b5"),
            entry("plusmn", "\u00b1"),
            entry("times", "\u00d7"),
            entry("ne", "\u2260"),
            entry("le", "\u2264"),
            entry("ge", "\u2265"),
            entry("larr", "\u2190"),
            entry("rarr", "\u2192"),
            entry("euro", "\u20ac"),
            entry("sect", "\u00a7"));

    private Entities() {}

    /** The character of a match; null if it is none that is known. */
    static @Nullable String character(Matcher entity) {
        if (entity.group(3) != null) {
            return ENTITIES.get(entity.group(3));
        }
        int code = entity.group(1) != null ? Integer.parseInt(entity.group(1)) : Integer.parseInt(entity.group(2), 16);
        return Character.isValidCodePoint(code) ? Character.toString(code) : null;
    }
}
