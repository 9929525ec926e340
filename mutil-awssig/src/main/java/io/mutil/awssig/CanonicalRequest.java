package io.mutil.awssig;

/** A request in the form that both sides sign: lines of method, path, query, headers, their names, hash of the payload. */
final class CanonicalRequest {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private final Text text;
    private final String signedHeaders;

    private CanonicalRequest(Text text, String signedHeaders) {
        this.text = text;
        this.signedHeaders = signedHeaders;
    }

    /**
     * Writes a request.
     *
     * @param path as {@link PathRule#canonical} gives it
     * @param headers which shall be signed; sorted by this
     * @param payloadHash in hex, or the word that stands for it
     */
    static CanonicalRequest of(
            String method, String path, CanonicalQuery query, HeaderList headers, String payloadHash) {
        String names = headers.sort().names();
        var text = new Text(512);
        text.add(method).add('\n').add(path).add('\n');
        query.writeTo(text);
        text.add('\n');
        headers.writeTo(text);
        text.add('\n').add(names).add('\n').add(payloadHash);
        return new CanonicalRequest(text, names);
    }

    /** The names of the headers, joined by semicolons. */
    String signedHeaders() {
        return signedHeaders;
    }

    /**
     * The string to sign.
     *
     * @param time as {@code yyyyMMddTHHmmssZ}
     * @param scope see {@link DayKey#scope}
     */
    Text stringToSign(String time, String scope) {
        return new Text(192)
                .add(ALGORITHM)
                .add('\n')
                .add(time)
                .add('\n')
                .add(scope)
                .add('\n')
                .addHex(Sha256.of(text.bytes(), 0, text.length()));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
