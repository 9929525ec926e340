package io.mutil.codec;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One value of a JSON document, read from the parser's current token.
 *
 * <p>Numbers and strings go straight to parser and generator, past the data binding: they are what runs through a
 * topology by the million.
 */
interface JsonItems<T> {
    /** Returns null if the token is of another type; its bytes need not be consumed then. */
    @Nullable
    T read(JsonParser json);

    void write(JsonGenerator json, T value);

    /** The items of the strict mapper. */
    @SuppressWarnings("unchecked") // each key is the class of its items
    static <T> JsonItems<T> strict(JavaType type) {
        JsonItems<?> scalar = Scalars.BY_TYPE.get(type.getRawClass());
        return scalar == null ? bound(type, StrictJson.MAPPER) : (JsonItems<T>) scalar;
    }

    /** Items by Jackson's data binding. */
    static <T> JsonItems<T> bound(JavaType type, JsonMapper mapper) {
        // An item of an array is followed by others; the codec itself looks at the end of the payload.
        ObjectReader reader = mapper.readerFor(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        ObjectWriter writer = mapper.writerFor(type);
        return new JsonItems<>() {
            @Override
            public @Nullable T read(JsonParser json) {
                return reader.readValue(json);
            }

            @Override
            public void write(JsonGenerator json, T value) {
                writer.writeValue(json, value);
            }
        };
    }

    /** The types that skip the data binding. */
    final class Scalars {
        private static final JsonItems<Long> LONG = new JsonItems<>() {
            @Override
            public @Nullable Long read(JsonParser json) {
                return json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : null;
            }

            @Override
            public void write(JsonGenerator json, Long value) {
                json.writeNumber(value.longValue());
            }
        };

        private static final JsonItems<Integer> INTEGER = new JsonItems<>() {
            @Override
            public @Nullable Integer read(JsonParser json) {
                return json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : null;
            }

            @Override
            public void write(JsonGenerator json, Integer value) {
                json.writeNumber(value.intValue());
            }
        };

        private static final JsonItems<Double> DOUBLE = new JsonItems<>() {
            @Override
            public @Nullable Double read(JsonParser json) {
                if (!json.currentToken().isNumeric()) {
                    return null;
                }
                double value = json.getDoubleValue();
                return Double.isFinite(value) ? value : null;
            }

            @Override
            public void write(JsonGenerator json, Double value) {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException("a number in JSON must be finite, was " + value);
                }
                json.writeNumber(value.doubleValue());
            }
        };

        private static final JsonItems<String> STRING = new JsonItems<>() {
            @Override
            public @Nullable String read(JsonParser json) {
                return json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : null;
            }

            @Override
            public void write(JsonGenerator json, String value) {
                json.writeString(value);
            }
        };

        private static final Map<Class<?>, JsonItems<?>> BY_TYPE = Map.of(
                Long.class, LONG,
                long.class, LONG,
                Integer.class, INTEGER,
                int.class, INTEGER,
                Double.class, DOUBLE,
                double.class, DOUBLE,
                String.class, STRING);

        private Scalars() {}
    }
}
