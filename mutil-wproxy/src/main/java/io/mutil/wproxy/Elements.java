package io.mutil.wproxy;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Walks over the objects of a message, and leaves other things out. */
final class Elements {
    private static final TokenStreamFactory JSON = new JsonFactory();

    private Elements() {}

    /** Looks at one element, whose first token has been read, and reads it to its end. */
    @FunctionalInterface
    interface Visitor {
        void visit(JsonParser parser, Found found);
    }

    static void walk(byte[] bytes, int from, int to, Visitor visitor, Found found) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    element(parser, from, visitor, found);
                }
            } else if (token != null) {
                element(parser, from, visitor, found);
            }
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "something follows the message");
            }
        }
    }

    private static void element(JsonParser parser, int from, Visitor visitor, Found found) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        int start = from + (int) parser.currentTokenLocation().getByteOffset();
        visitor.visit(parser, found);
        found.add(start, from + (int) parser.currentLocation().getByteOffset());
    }
}
