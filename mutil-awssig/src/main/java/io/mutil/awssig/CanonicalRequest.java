package io.mutil.awssig;

/** A request in the form that both sides sign: lines of method, path, query, headers, their names, hash of the payload. */
final class CanonicalRequest {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    /** For what is neither path nor header, unless there is a query. */
    private static final int ROOM = 96;

    private final Text text;
    private final int namesFrom;
    private final int namesTo;

    private CanonicalRequest(Text text, int namesFrom, int namesTo) {
        this.text = text;
        this.namesFrom = namesFrom;
        this.namesTo = namesTo;
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
        var text = new Text(ROOM + path.length() + headers.length());
        text.add(method).add('\n').add(path).add('\n');
        query.writeTo(text);
        text.add('\n');
        headers.sort().writeTo(text);
        text.add('\n');
        int namesFrom = text.length();
        headers.writeNamesTo(text);
        int namesTo = text.length();
        text.add('\n').add(payloadHash);
        return new CanonicalRequest(text, namesFrom, namesTo);
    }

    /** The names of the headers, joined by semicolons. */
    String signedHeaders() {
        return text.ascii(namesFrom, namesTo);
    }

    /** The SHA-256 of it all. */
    byte[] hash() {
        return Sha256.of(text.bytes(), 0, text.length());
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
