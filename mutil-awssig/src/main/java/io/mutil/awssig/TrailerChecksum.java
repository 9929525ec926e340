package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A checksum of a body that follows it. */
final class TrailerChecksum {
    static final String NAMES = "x-amz-checksum-crc32, -crc32c, -crc64nvme, -sha1 or -sha256";
    private static final String CRC64 = "x-amz-checksum-crc64nvme";

    private final String header;
    private final Checksum.@Nullable Running running;
    private final Crc64Nvme crc64 = new Crc64Nvme();

    private TrailerChecksum(String header, Checksum.@Nullable Running running) {
        this.header = header;
        this.running = running;
    }

    /** Begins the checksum that a header carries; null if it carries none. */
    static @Nullable TrailerChecksum of(String header) {
        for (Checksum known : Checksum.values()) {
            if (known.header().equals(header)) {
                return new TrailerChecksum(header, known.start());
            }
        }
        return header.equals(CRC64) ? new TrailerChecksum(header, null) : null;
    }

    String header() {
        return header;
    }

    void update(byte[] bytes, int from, int length) {
        if (running != null) {
            running.update(bytes, from, length);
        } else {
            crc64.update(bytes, from, length);
        }
    }

    /** Whether a header's value is that of what came so far; to be asked once. */
    boolean matches(String value) {
        String actual = running != null
                ? running.value()
                : Base64.getEncoder()
                        .encodeToString(ByteBuffer.allocate(Long.BYTES)
                                .putLong(crc64.getValue())
                                .array());
        return MessageDigest.isEqual(actual.getBytes(ISO_8859_1), value.getBytes(ISO_8859_1));
    }
}
