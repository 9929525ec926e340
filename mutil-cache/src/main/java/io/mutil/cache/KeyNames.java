package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The file names of keys, different for different keys on every file system: lower-case letters and digits as they are and all
 * else as {@code %} and two digits, or a SHA-256 where that would be too long. The file itself holds the key too.
 */
final class KeyNames {
    /** In UTF-8. */
    static final int MAX_KEY_BYTES = 64 << 10;

    private static final int MAX_NAME = 200;
    // They keep a name from being one that Windows gives to a device.
    private static final String PLAIN = "k-";
    private static final String HASHED = "h-";
    private static final HexFormat HEX = HexFormat.of();
    // how the metadata say a key
    private static final byte IN_UTF_8 = 0;
    private static final byte IN_UTF_16 = 1;

    private KeyNames() {}

    /**
     * The key as metadata, one byte for how and then the text. A key that is no proper Unicode is kept as it is.
     *
     * @throws IllegalArgumentException if it is too long
     */
    static byte[] meta(String key) {
        boolean proper = UTF_8.newEncoder().canEncode(key);
        byte[] text = proper ? key.getBytes(UTF_8) : exact(key);
        if (text.length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("key must not exceed " + MAX_KEY_BYTES + " bytes, was " + text.length
                    + "; use a hash of it as key");
        }
        byte[] meta = new byte[text.length + 1];
        meta[0] = proper ? IN_UTF_8 : IN_UTF_16;
        System.arraycopy(text, 0, meta, 1, text.length);
        return meta;
    }

    /** Char by char, since a charset would replace what is not proper. */
    private static byte[] exact(String key) {
        byte[] bytes = new byte[2 * key.length()];
        for (int i = 0; i < key.length(); i++) {
            bytes[2 * i] = (byte) (key.charAt(i) >> 8);
            bytes[2 * i + 1] = (byte) key.charAt(i);
        }
        return bytes;
    }

    /** The key that {@link #meta} made into bytes. */
    static String key(byte[] meta) {
        if (meta.length == 0) {
            return "";
        }
        if (meta[0] == IN_UTF_8) {
            return new String(meta, 1, meta.length - 1, UTF_8);
        }
        var key = new StringBuilder();
        for (int i = 1; i + 1 < meta.length; i += 2) {
            key.append((char) (((meta[i] & 0xFF) << 8) | (meta[i + 1] & 0xFF)));
        }
        return key.toString();
    }

    /** The name of the file, from the metadata. */
    static String fileName(byte[] meta) {
        if (meta[0] == IN_UTF_8 && meta.length <= MAX_NAME) {
            String name = percentEncoded(meta);
            if (name.length() <= MAX_NAME) {
                return name;
            }
        }
        return HASHED + HEX.formatHex(sha256(meta));
    }

    private static String percentEncoded(byte[] meta) {
        var name = new StringBuilder(PLAIN);
        for (int i = 1; i < meta.length; i++) {
            if (isPlain(meta[i])) {
                name.append((char) meta[i]);
            } else {
                name.append('%').append(HEX.toHexDigits(meta[i]));
            }
        }
        return name.toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '_';
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Whether a file may hold the value of a key. */
    static boolean isOne(String fileName) {
        return fileName.startsWith(PLAIN) || fileName.startsWith(HASHED);
    }

    /** The key that a file name says; null if only the file does. */
    static @Nullable String plainKey(String fileName) {
        if (!fileName.startsWith(PLAIN)) {
            return null;
        }
        var bytes = new ByteArrayOutputStream();
        for (int i = PLAIN.length(); i < fileName.length(); i++) {
            char c = fileName.charAt(i);
            if (c == '%' && i + 2 < fileName.length() && isHex(fileName, i + 1)) {
                bytes.write(HexFormat.fromHexDigits(fileName, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        String key = bytes.toString(UTF_8);
        // only what we would have written ourselves
        return key.length() <= MAX_NAME && fileName(meta(key)).equals(fileName) ? key : null;
    }

    private static boolean isHex(String text, int at) {
        return HexFormat.isHexDigit(text.charAt(at)) && HexFormat.isHexDigit(text.charAt(at + 1));
    }
}
