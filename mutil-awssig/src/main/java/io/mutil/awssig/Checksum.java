package io.mutil.awssig;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** A checksum that S3 checks and keeps with an object, sent after the body. */
public enum Checksum {
    /** Of 4 bytes; the fastest together with {@link #CRC32C}. */
    CRC32(4),
    /** Of 4 bytes. */
    CRC32C(4),
    /** Of 8 bytes; the one that S3 adds itself where a client sends none. */
    CRC64NVME(8),
    /** Of 20 bytes. */
    SHA1(20),
    /** Of 32 bytes. */
    SHA256(32);

    private final int valueLength;

    Checksum(int bytes) {
        valueLength = 4 * ((bytes + 2) / 3);
    }

    /** The header that carries it, in lower case. */
    public String header() {
        return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
    }

    /** How long the header's value is. */
    int valueLength() {
        return valueLength;
    }

    Running start() {
        return switch (this) {
            case CRC32 -> new OfCrc(new CRC32(), Integer.BYTES);
            case CRC32C -> new OfCrc(new CRC32C(), Integer.BYTES);
            case CRC64NVME -> new OfCrc(new Crc64Nvme(), Long.BYTES);
            case SHA1 -> new OfDigest(sha1());
            case SHA256 -> new OfDigest(Sha256.fresh());
        };
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1, this one has not", e);
        }
    }

    /** A checksum of what came so far. */
    sealed interface Running {
        void update(byte[] bytes, int from, int length);

        byte[] bytes();

        /** As the header's value. */
        default String value() {
            return Base64.getEncoder().encodeToString(bytes());
        }
    }

    private record OfCrc(java.util.zip.Checksum crc, int length) implements Running {
        @Override
        public void update(byte[] bytes, int from, int length) {
            crc.update(bytes, from, length);
        }

        @Override
        public byte[] bytes() {
            byte[] value =
                    ByteBuffer.allocate(Long.BYTES).putLong(crc.getValue()).array();
            return Arrays.copyOfRange(value, Long.BYTES - length, Long.BYTES);
        }
    }

    private record OfDigest(MessageDigest digest) implements Running {
        @Override
        public void update(byte[] bytes, int from, int length) {
            digest.update(bytes, from, length);
        }

        @Override
        public byte[] bytes() {
            return digest.digest();
        }
    }
}
