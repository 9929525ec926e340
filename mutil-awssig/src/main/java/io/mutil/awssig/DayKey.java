package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

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

    /** The signature of a string to sign, in hex. */
    String sign(Text stringToSign) {
        return Sha256.hex(key.sign(stringToSign.bytes(), stringToSign.length()));
    }

    @Override
    public String toString() {
        return "DayKey[" + credential + "]";
    }
}
