package io.mutil.wproxy;

import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Walks over the objects of a message, and leaves other things out. */
final class Elements {
    /** Bytes are UTF-8 and nothing else: of other encodings the parser could not tell where an element is. */
    private static final TokenStreamFactory JSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .build();

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private Elements() {}

    /** Looks at one element, whose first token has been read, and reads it to its end. */
    @FunctionalInterface
    interface Visitor {
        void visit(JsonParser parser, Found found);
    }

    static void walk(byte[] bytes, int start, int to, Visitor visitor, Found found) {
        int from = behindMark(bytes, start, to);
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

    /** A byte order mark may come first, and is no part of the JSON. */
    private static int behindMark(byte[] bytes, int from, int to) {
        boolean marked =
                to - from >= MARK.length && Arrays.equals(bytes, from, from + MARK.length, MARK, 0, MARK.length);
        return marked ? from + MARK.length : from;
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
