package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** The signing key of one secret for a day, a region and a service. */
final class DayKey {
    private final String accessKey;
    private final String secret;
    private final String date;
    private final String region;
    private final String service;
    private final String scope;
    private final String credential;
    private final Hmac key;
    private volatile @Nullable Second last;

    /**
     * The key in one second, of which all strings to sign begin alike.
     *
     * @param lines that beginning
     * @param after the key, having signed it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Second(Stamp time, byte[] lines, Hmac after) {
        /** The string to sign, which ends with the hash of the canonical request. */
        Text stringToSign(byte[] hash) {
            return new Text(lines.length + 2 * Sha256.LENGTH).add(lines).addHex(hash);
        }

        /** The signature of a string to sign, in hex. */
        String sign(Text stringToSign) {
            return Sha256.hex(after.sign(stringToSign.bytes(), lines.length, stringToSign.length() - lines.length));
        }
    }

    private DayKey(Credentials who, String date, String region, String service) {
        accessKey = who.accessKey();
        secret = who.secret();
        this.date = date;
        this.region = region;
        this.service = service;
        scope = date + '/' + region + '/' + service + "/aws4_request";
        credential = accessKey + '/' + scope;
        key = new Hmac(chain(("AWS4" + secret).getBytes(UTF_8), date, region, service, "aws4_request"));
    }

    private static byte[] chain(byte[] first, String... texts) {
        byte[] key = first;
        for (String text : texts) {
            key = new Hmac(key).sign(text);
        }
        return key;
    }

    /**
     * Derives a key, which takes four HMACs; see {@link KeyCache}.
     *
     * @param date as {@code yyyyMMdd}
     */
    static DayKey derive(Credentials who, String date, String region, String service) {
        return new DayKey(who, date, region, service);
    }

    boolean fits(Credentials who, String date, String region, String service) {
        return this.date.equals(date)
                && accessKey.equals(who.accessKey())
                && secret.equals(who.secret())
                && this.region.equals(region)
                && this.service.equals(service);
    }

    boolean isBefore(String date) {
        return this.date.compareTo(date) < 0;
    }

    /** Date, region and service, as the string to sign has them. */
    String scope() {
        return scope;
    }

    /** The access key and the scope, as a request names them. */
    String credential() {
        return credential;
    }

    Second at(Stamp time) {
        Second second = last;
        if (second == null || !second.time().equals(time)) {
            byte[] lines = (CanonicalRequest.ALGORITHM + '\n' + time.time() + '\n' + scope + '\n').getBytes(UTF_8);
            second = new Second(time, lines, key.after(lines));
            last = second;
        }
        return second;
    }

    /** The signature of a text, in hex. */
    String sign(Text text) {
        return Sha256.hex(key.sign(text.bytes(), 0, text.length()));
    }

    @Override
    public String toString() {
        return "DayKey[" + credential + "]";
    }
}
