package io.mutil.bench.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The bytes that ours keeps for a value, for the peers: JSON, deflated at level 1. For one thread. */
final class Json implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(Quote.class);
    private static final ObjectReader READER = MAPPER.readerFor(Quote.class);
    private static final int LARGEST = 4096;

    private final Deflater deflater = new Deflater(1);
    private final Inflater inflater = new Inflater();
    private final byte[] buffer = new byte[LARGEST];

    /** Before it is deflated. */
    static byte[] plain(Quote value) {
        return WRITER.writeValueAsBytes(value);
    }

    byte[] encode(Quote value) {
        deflater.reset();
        deflater.setInput(plain(value));
        deflater.finish();
        int length = deflater.deflate(buffer);
        if (!deflater.finished()) {
            throw new IllegalArgumentException("value exceeds " + LARGEST + " bytes; the driver makes smaller ones");
        }
        return Arrays.copyOf(buffer, length);
    }

    Quote decode(byte[] bytes) throws IOException {
        inflater.reset();
        inflater.setInput(bytes);
        try {
            int length = inflater.inflate(buffer);
            return READER.readValue(buffer, 0, length);
        } catch (DataFormatException e) {
            throw new IOException("a store gave back " + bytes.length + " bytes that are none of its values", e);
        }
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
