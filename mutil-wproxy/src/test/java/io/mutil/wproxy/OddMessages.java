package io.mutil.wproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes messages of elements whose keys are known, with everything that JSON allows around them. */
final class OddMessages {
    /** As commands name them. */
    static final List<String> KEYS =
            List.of("A", "A\u00e9", "42", "\ud83d\ude00 x", "q\"\\/\b", "\u2028", "-1.50", "sym");

    private static final List<String> SPACES = List.of("", "", "", " ", "\t", "\r\n", "  \n ");

    private final Random random;
    private int count;

    /** @param key null if it has none */
    record Element(String text, @Nullable String key) {}

    /** What to send, and the elements in it. */
    record Message(String text, List<Element> elements) {}

    OddMessages(long seed) {
        random = new Random(seed);
    }

    Message next() {
        if (random.nextInt(5) == 0) {
            Element single = element();
            return new Message(space() + single.text() + space(), List.of(single));
        }
        var elements = new ArrayList<Element>();
        var text = new StringBuilder(space()).append('[').append(space());
        int size = random.nextInt(6);
        for (int i = 0; i < size; i++) {
            Element element = element();
            elements.add(element);
            text.append(i == 0 ? "" : space() + "," + space()).append(element.text());
            if (random.nextInt(4) == 0) {
                text.append(space()).append(',').append(any(List.of("5", "null", "\"A\"", "[{\"sym\":\"A\"}]", "[]")));
            }
        }
        return new Message(text.append(space()).append(']').append(space()).toString(), elements);
    }

    private Element element() {
        String key = any(KEYS);
        String number = "\"n\"" + space() + ":" + count++;
        return switch (random.nextInt(8)) {
            case 0 -> new Element("{" + number + "}", null);
            case 1 -> new Element("{\"x\":{\"sym\":" + quoted(any(KEYS)) + "}," + number + "}", null);
            case 2 -> new Element("{\"sym\":[" + quoted(key) + "]," + number + "}", null);
            case 3 -> object("\"sym\":" + quoted(any(KEYS)), number, field(key), key);
            case 4 -> object("\"x\":{\"sym\":" + quoted(any(KEYS)) + "}", field(key), number, key);
            case 5 -> object(number, field(key), "\"list\":[{\"sym\":" + quoted(any(KEYS)) + "},[[]],{}]", key);
            case 6 ->
                object(
                        "\"x\":\"" + "\u20ac\ud83d\ude00\\u0000\\\"}]".repeat(random.nextInt(50)) + '"',
                        number,
                        field(key),
                        key);
            default -> object(field(key), number, "\"\":1e400", key);
        };
    }

    private Element object(String first, String second, String third, String key) {
        String comma = space() + "," + space();
        return new Element("{" + space() + first + comma + second + comma + third + space() + "}", key);
    }

    private String field(String key) {
        boolean number = key.matches("-?[0-9.]+") && random.nextBoolean();
        String name = any(List.of("\"sym\"", "\"s\\u0079m\"", "\"\\u0073\\u0079\\u006D\""));
        return name + space() + ":" + space() + (number ? key : quoted(key));
    }

    /** With more or fewer escapes than need be. */
    private String quoted(String key) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean needed = c < ' ' || c == '"' || c == '\\';
            // half of a pair may be escaped only with the other half
            boolean pair = Character.isSurrogate(c);
            if (needed || (!pair && random.nextInt(3) == 0)) {
                text.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }

    private String space() {
        return any(SPACES);
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
