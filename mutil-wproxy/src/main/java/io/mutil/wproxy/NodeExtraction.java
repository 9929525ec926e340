package io.mutil.wproxy;

import java.util.Collection;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lets a function find the keys of each element. */
record NodeExtraction(Function<? super JsonNode, ? extends Collection<String>> keysOf)
        implements KeyExtractor.Extraction {
    /** Behind an element others follow. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Override
    public void find(byte[] bytes, int from, int to, Found found) {
        Elements.walk(bytes, from, to, this::visit, found);
    }

    private void visit(JsonParser parser, Found found) {
        keysOf.apply(MAPPER.readTree(parser)).forEach(found::addKey);
    }
}
