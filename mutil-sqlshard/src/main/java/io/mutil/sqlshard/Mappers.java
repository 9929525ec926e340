package io.mutil.sqlshard;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Jackson's mappers; the one for CBOR only where it is present. */
final class Mappers {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private Mappers() {}

    static ObjectMapper cbor() {
        try {
            return Cbor.MAPPER;
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "CBOR needs tools.jackson.dataformat:jackson-dataformat-cbor on the class path; add it, or use json",
                    e);
        }
    }

    private static final class Cbor {
        static final ObjectMapper MAPPER = CBORMapper.builder().build();
    }
}
