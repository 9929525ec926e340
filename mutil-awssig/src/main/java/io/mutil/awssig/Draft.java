package io.mutil.awssig;

/** The stages of one signature. */
record Draft(CanonicalRequest canonical, Text stringToSign, Stamp time, DayKey key, String signature) {
    static Draft of(CanonicalRequest canonical, Stamp time, DayKey key) {
        DayKey.Second second = key.at(time);
        Text stringToSign = second.stringToSign(canonical.hash());
        return new Draft(canonical, stringToSign, time, key, second.sign(stringToSign));
    }

    /** The value of the header. */
    String authorization() {
        return CanonicalRequest.ALGORITHM + " Credential=" + key.credential() + ", SignedHeaders="
                + canonical.signedHeaders() + ", Signature=" + signature;
    }
}
