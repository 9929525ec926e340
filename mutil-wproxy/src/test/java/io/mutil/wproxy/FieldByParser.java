package io.mutil.wproxy;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Takes the value of one field of each element as its key, with a parser that knows JSON better than we do. */
record FieldByParser(String name) implements KeyExtractor.Extraction {
    @Override
    public void find(byte[] bytes, int from, int to, Found found) {
        Elements.walk(bytes, from, to, this::visit, found);
    }

    private void visit(JsonParser parser, Found found) {
        String key = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean wanted = name.equals(parser.currentName());
            JsonToken value = parser.nextToken();
            if (wanted) {
                key = keyOf(parser, value);
            } else {
                parser.skipChildren();
            }
        }
        if (key != null) {
            found.addKey(key);
        }
    }

    private static @Nullable String keyOf(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
            return parser.getString();
        }
        parser.skipChildren();
        return null;
    }
}
