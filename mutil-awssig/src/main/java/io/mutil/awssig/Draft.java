package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The stages of one signature. */
record Draft(CanonicalRequest canonical, Text stringToSign, Stamp time, DayKey key, String signature) {
    private static final byte[] SIGNATURE = ", Signature=".getBytes(US_ASCII);

    static Draft of(CanonicalRequest canonical, Stamp time, DayKey key) {
        DayKey.Second second = key.at(time);
        Text stringToSign = second.stringToSign(canonical.hash());
        return new Draft(canonical, stringToSign, time, key, second.sign(stringToSign));
    }

    /** The value of the header. */
    String authorization() {
        var out = new Text(key.authorization().length + 256).add(key.authorization());
        canonical.writeSignedHeadersTo(out);
        return out.add(SIGNATURE).add(signature).toString();
    }
}
