package io.mutil.awssig;

/** The stages of one signature. */
record Draft(CanonicalRequest canonical, Text stringToSign, Stamp time, DayKey key, String signature) {
    static Draft of(CanonicalRequest canonical, Stamp time, DayKey key) {
        Text stringToSign = canonical.stringToSign(time.time(), key.scope());
        return new Draft(canonical, stringToSign, time, key, key.sign(stringToSign));
    }

    /** The value of the header. */
    String authorization() {
        return CanonicalRequest.ALGORITHM + " Credential=" + key.credential() + ", SignedHeaders="
                + canonical.signedHeaders() + ", Signature=" + signature;
    }
}
