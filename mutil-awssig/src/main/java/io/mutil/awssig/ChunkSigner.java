package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Signs the chunks of a body, each with the signature before it. Of one body, in one thread. */
final class ChunkSigner {
    static final String CHUNK = "AWS4-HMAC-SHA256-PAYLOAD";
    static final String TRAILER = "AWS4-HMAC-SHA256-TRAILER";

    private final DayKey key;
    private final String time;
    private String previous;

    /**
     * Begins.
     *
     * @param time as {@code yyyyMMddTHHmmssZ}
     * @param seed the signature of the request
     */
    ChunkSigner(DayKey key, String time, String seed) {
        this.key = key;
        this.time = time;
        previous = seed;
    }

    /** The signature of the next chunk; the last one is empty. */
    String chunk(byte[] bytes, int from, int length) {
        Text text = start(CHUNK).add(Sha256.OF_NOTHING).add('\n').addHex(Sha256.of(bytes, from, length));
        return next(text);
    }

    /**
     * The signature of what comes after the last chunk.
     *
     * @param lines {@code name:value} and a line feed for each header
     */
    String trailer(String lines) {
        byte[] bytes = lines.getBytes(UTF_8);
        return next(start(TRAILER).addHex(Sha256.of(bytes, 0, bytes.length)));
    }

    private Text start(String algorithm) {
        return new Text(384)
                .add(algorithm)
                .add('\n')
                .add(time)
                .add('\n')
                .add(key.scope())
                .add('\n')
                .add(previous)
                .add('\n');
    }

    private String next(Text stringToSign) {
        previous = key.sign(stringToSign);
        return previous;
    }
}
