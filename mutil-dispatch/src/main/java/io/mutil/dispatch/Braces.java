package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Expands braces, as a shell does: one text stands for many.
 *
 * <pre>{@code
 * List<String> hosts = Braces.expand("web{1..3}.{eu,us}");       // web1.eu, web1.us, web2.eu, ...
 * List<String> padded = Braces.expand("day{01..03}");            // day01, day02, day03
 * }</pre>
 *
 * <table>
 *   <caption>What may stand between braces</caption>
 *   <tr><td>{@code {a,b}}</td><td>each of them; empty ones too</td></tr>
 *   <tr><td>{@code {1..5}}, {@code {5..1}}</td><td>numbers up or down; a leading zero pads all to the longer end</td></tr>
 *   <tr><td>{@code {1..9..2}}</td><td>every second; the sign of the step does not matter</td></tr>
 *   <tr><td>{@code {a..e}}, {@code {A..E}}</td><td>letters of the Latin alphabet, both small or both capital</td></tr>
 *   <tr><td>{@code {1..3,x}}</td><td>a range as one of several</td></tr>
 *   <tr><td>{@code {a,b{c,d}}}</td><td>braces within braces, at most 100 deep</td></tr>
 *   <tr><td>{@code {a}}, {@code {}}</td><td>one, or none: the braces are gone, so that a list of one item may be put in them</td></tr>
 * </table>
 *
 * <p>Several groups are multiplied, the last changes first. A brace without its partner stands for itself. A backslash before one of
 * <code>{ } , . \</code> takes its meaning from it and is gone; before all else it stands for itself. A group that is nothing but two
 * numbers, letters or anything else with {@code ..} between them and no range, as {@code {1..x}}, is refused rather than left as it
 * is; among several, as in {@code {../a,../b}}, it is text.
 *
 * <p>This is Bash, with the exceptions of ranges among several, braces around one or none, braces after a dollar sign, which has no
 * meaning here, and the refusals.
 */
public final class Braces {
    private static final int DEFAULT_LIMIT = 100_000;
    private static final int CHARACTERS_EACH = 1_000;
    private static final int DEEPEST = 100;
    private static final int SHOWN = 40;
    private static final String ESCAPABLE = "{},.\\";
    private static final String STEP = "(?:\\.\\.\\s*(?<step>[-+]?\\d+)\\s*)?";
    private static final Pattern NUMBERS =
            Pattern.compile("\\s*(?<first>[-+]?\\d+)\\s*\\.\\.\\s*(?<last>[-+]?\\d+)\\s*" + STEP);
    private static final Pattern LETTERS =
            Pattern.compile("\\s*(?<first>[a-zA-Z])\\s*\\.\\.\\s*(?<last>[a-zA-Z])\\s*" + STEP);

    private final String text;

    /** Where the brace that closes is, for one that opens and has a partner; -1 for all else. */
    private final int[] closing;

    /**
     * The texts that one stands for, in order; a text without groups stands for itself.
     *
     * @throws IllegalArgumentException if there are more than 100,000, or than 1,000 characters for each of these; if a range is
     *     none, or braces are more than 100 deep
     */
    public static List<String> expand(String text) {
        return expand(text, DEFAULT_LIMIT);
    }

    /**
     * The texts that one stands for, in order; a text without groups stands for itself.
     *
     * @param limit how many there may be; positive
     * @throws IllegalArgumentException if there are more, or than 1,000 characters for each that there may be; if a range is none,
     *     or braces are more than 100 deep
     */
    public static List<String> expand(String text, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive, was " + limit);
        }
        requireNonNull(text, "text");
        Part all = new Braces(text).sequence(0, text.length(), 0);
        long count = all.count();
        if (count > limit) {
            throw new IllegalArgumentException(shown(text) + " stands for " + count + " texts, more than the limit of "
                    + limit + "; ask for fewer, or pass a higher limit");
        }
        // no text is longer than the one that it comes from
        if (count > 1 && text.length() > (long) limit * CHARACTERS_EACH / count) {
            throw new IllegalArgumentException(shown(text) + " stands for " + count + " texts of up to " + text.length()
                    + " characters, more than " + CHARACTERS_EACH + " for each of the limit of " + limit);
        }
        return List.copyOf(all.texts());
    }

    private Braces(String text) {
        this.text = text;
        closing = new int[text.length()];
        Arrays.fill(closing, -1);
        var open = new ArrayDeque<Integer>();
        for (int at = 0; at < text.length(); at++) {
            if (isEscape(at)) {
                at++;
            } else if (text.charAt(at) == '{') {
                open.push(at);
            } else if (text.charAt(at) == '}' && !open.isEmpty()) {
                closing[open.pop()] = at;
            }
        }
    }

    private boolean isEscape(int at) {
        return text.charAt(at) == '\\' && at + 1 < text.length() && ESCAPABLE.indexOf(text.charAt(at + 1)) >= 0;
    }

    private Part sequence(int from, int to, int depth) {
        if (depth > DEEPEST) {
            throw refused(from, "is more than " + DEEPEST + " deep");
        }
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        int at = from;
        while (at < to) {
            if (closing[at] >= 0) {
                parts.add(new Literal(literal.toString()));
                literal.setLength(0);
                parts.add(group(at + 1, closing[at], depth + 1));
                at = closing[at] + 1;
            } else {
                at += isEscape(at) ? 1 : 0;
                literal.append(text.charAt(at));
                at++;
            }
        }
        parts.add(new Literal(literal.toString()));
        return new Sequence(parts);
    }

    private Part group(int from, int to, int depth) {
        var options = new ArrayList<Part>();
        int begin = from;
        for (int end = next(',', from, to); end < to; end = next(',', begin, to)) {
            options.add(option(begin, end, depth));
            begin = end + 1;
        }
        boolean alone = options.isEmpty();
        Part last = option(begin, to, depth);
        if (alone && !(last instanceof Range)) {
            int dots = next('.', from, to);
            while (dots < to && !(dots + 1 < to && text.charAt(dots + 1) == '.')) {
                dots = next('.', dots + 1, to);
            }
            if (dots < to) {
                throw refused(
                        from,
                        "is no range of numbers, or of letters of one case; with a backslash before a point it is text");
            }
        }
        options.add(last);
        return new Group(options);
    }

    /** Where a character is, outside of groups and not escaped; or the end. */
    private int next(char wanted, int from, int to) {
        int at = from;
        while (at < to && (closing[at] >= 0 || isEscape(at) || text.charAt(at) != wanted)) {
            at = closing[at] >= 0 ? closing[at] + 1 : isEscape(at) ? at + 2 : at + 1;
        }
        return at;
    }

    private Part option(int from, int to, int depth) {
        Part range = range(from, to);
        return range == null ? sequence(from, to, depth) : range;
    }

    private @Nullable Range range(int from, int to) {
        String option = text.substring(from, to);
        Matcher numbers = NUMBERS.matcher(option);
        if (numbers.matches()) {
            return numbers(numbers, from);
        }
        Matcher letters = LETTERS.matcher(option);
        if (!letters.matches()) {
            return null;
        }
        char first = letters.group("first").charAt(0);
        char last = letters.group("last").charAt(0);
        boolean oneCase = Character.isLowerCase(first) == Character.isLowerCase(last);
        return oneCase ? new Range(first, last, step(letters, from), 0, true) : null;
    }

    private Range numbers(Matcher numbers, int from) {
        String first = numbers.group("first").replace("+", "");
        String last = numbers.group("last").replace("+", "");
        boolean padded = isPadded(first) || isPadded(last);
        int width = padded ? Math.max(first.length(), last.length()) : 0;
        return new Range(number(first, from), number(last, from), step(numbers, from), width, false);
    }

    private static boolean isPadded(String number) {
        String digits = number.startsWith("-") ? number.substring(1) : number;
        return digits.length() > 1 && digits.startsWith("0");
    }

    /** Its size; the direction is that of the ends. */
    private long step(Matcher range, int from) {
        String given = range.group("step");
        long step = given == null ? 1 : number(given, from);
        if (step == 0) {
            throw refused(from, "has the step 0, which leads nowhere");
        }
        return Math.abs(step);
    }

    private long number(String digits, int from) {
        try {
            long number = Long.parseLong(digits);
            if (number != Long.MIN_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // too long
        }
        throw refused(from, "has a number beyond 9223372036854775807 or its negative");
    }

    private IllegalArgumentException refused(int from, String why) {
        return new IllegalArgumentException(
                "what is in braces in " + shown(text) + ", from position " + from + ", " + why);
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? "\"" + text.substring(0, SHOWN) + "...\"" : "\"" + text + "\"";
    }

    /** A part of the text, and what it stands for. Counts end at the largest long. */
    private interface Part {
        long count();

        List<String> texts();
    }

    private record Literal(String text) implements Part {
        @Override
        public long count() {
            return 1;
        }

        @Override
        public List<String> texts() {
            return List.of(text);
        }
    }

    /** Numbers, padded to a width, or letters. */
    private record Range(long first, long last, long step, int width, boolean letters) implements Part {
        @Override
        public long count() {
            long further = Long.divideUnsigned(Math.max(first, last) - Math.min(first, last), step);
            return further < 0 || further == Long.MAX_VALUE ? Long.MAX_VALUE : further + 1;
        }

        @Override
        public List<String> texts() {
            int count = (int) count();
            var texts = new ArrayList<String>(count);
            for (int i = 0; i < count; i++) {
                long value = first <= last ? first + i * step : first - i * step;
                texts.add(letters ? String.valueOf((char) value) : padded(value));
            }
            return texts;
        }

        private String padded(long value) {
            String digits = Long.toString(Math.abs(value));
            String sign = value < 0 ? "-" : "";
            return sign + "0".repeat(Math.max(0, width - sign.length() - digits.length())) + digits;
        }
    }

    private record Group(List<Part> options) implements Part {
        @Override
        public long count() {
            long count = 0;
            for (Part option : options) {
                long sum = count + option.count();
                count = sum < 0 ? Long.MAX_VALUE : sum;
            }
            return count;
        }

        @Override
        public List<String> texts() {
            return options.stream().flatMap(option -> option.texts().stream()).toList();
        }
    }

    private record Sequence(List<Part> parts) implements Part {
        @Override
        public long count() {
            long count = 1;
            for (Part part : parts) {
                long factor = part.count();
                count = factor > Long.MAX_VALUE / count ? Long.MAX_VALUE : count * factor;
            }
            return count;
        }

        @Override
        public List<String> texts() {
            int count = (int) count();
            List<List<String>> choices = parts.stream().map(Part::texts).toList();
            int[] chosen = new int[choices.size()];
            var texts = new ArrayList<String>(count);
            var text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                text.setLength(0);
                for (int part = 0; part < chosen.length; part++) {
                    text.append(choices.get(part).get(chosen[part]));
                }
                texts.add(text.toString());
                advance(chosen, choices);
            }
            return texts;
        }

        /** The last changes first. */
        private static void advance(int[] chosen, List<List<String>> choices) {
            for (int part = chosen.length - 1; part >= 0; part--) {
                chosen[part] = (chosen[part] + 1) % choices.get(part).size();
                if (chosen[part] != 0) {
                    return;
                }
            }
        }
    }
}
