package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an answer is stored under. That of a request comes from {@link FetchCache#keyOf}; other functions have keys of their
 * own. On the disk it appears as a hash only, unless it is {@linkplain #named a name}.
 */
public final class Key {
    private static final String OWN = "key";
    private static final String NAME = "name";

    /** Keys of two realms are never equal: a method of HTTP, or one of the above. */
    private final String realm;

    private final String text;
    private final String rest;
    private final int hash;

    Key(String realm, String text, String rest) {
        this.realm = realm;
        this.text = text;
        this.rest = rest;
        this.hash = ((realm.hashCode() * 31) + text.hashCode()) * 31 + rest.hashCode();
    }

    /** A key of one or more parts; two keys are the same if all their parts are. */
    public static Key of(String first, String... more) {
        var rest = new StringBuilder();
        for (String part : more) {
            rest.append(part.length()).append(':').append(part);
        }
        return new Key(OWN, requireNonNull(first, "first"), rest.toString());
    }

    /**
     * A key that is also the name of the file, as far as the {@link Freshness} knows days: {@code <name>-<yyyy-mm-dd>}, and
     * {@code -<bucket>} where there are buckets.
     *
     * @param name at most 209 bytes in UTF-8, none of {@code / \ : * ? " < > |} or control characters, no dot at its beginning,
     *     and no day at its end
     */
    public static Key named(String name) {
        return named(name, "");
    }

    static Key named(String name, String rest) {
        EntryName.checkFamily(name);
        return new Key(NAME, name, rest);
    }

    /** Null if it is no name. */
    @Nullable
    String name() {
        return realm.equals(NAME) ? text : null;
    }

    /** Characters that it takes in memory. */
    int length() {
        return text.length() + rest.length();
    }

    /** SHA-256, salted since a key may hold what could be guessed. */
    String digest(byte[] salt) {
        MessageDigest sha = sha256();
        sha.update(salt);
        for (String part : new String[] {realm, text, rest}) {
            byte[] bytes = part.getBytes(UTF_8);
            sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            sha.update(bytes);
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key
                && hash == key.hash
                && text.equals(key.text)
                && realm.equals(key.realm)
                && rest.equals(key.rest);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** A name, or the method and address of a request without its query; the rest may be secret and is not shown. */
    @Override
    public String toString() {
        return switch (realm) {
            case NAME -> text;
            case OWN -> "key #" + Integer.toHexString(hash);
            default -> realm + ' ' + withoutSecrets(text);
        };
    }

    private static String withoutSecrets(String uri) {
        int query = uri.indexOf('?');
        String address = query < 0 ? uri : uri.substring(0, query);
        int authority = address.indexOf("//") + 2;
        int path = address.indexOf('/', authority);
        int user = address.lastIndexOf('@', path < 0 ? address.length() : path);
        return user < authority ? address : address.substring(0, authority) + address.substring(user + 1);
    }
}
