package io.mutil.cache;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the header of a file says.
 *
 * <p>A file is a header of 128 bytes, the body, and behind it the metadata, which are known only when the body is complete:
 *
 * <pre>
 *   0    slot 0      6 bytes magic, version, kind
 *  64    slot 1      sequence, offset, length and CRC of the metadata
 * 128    body        length and CRC of the body
 *  ..    metadata    stored at, fresh until, keep until, CRC of the slot
 * </pre>
 *
 * <p>Numbers are big-endian, CRCs are CRC-32C. The slot with the higher sequence holds. A change writes new metadata where they
 * do not lie on those that hold, then the other slot; so whatever is half written, one slot and its metadata are whole, and
 * nothing has to be forced to the disk.
 *
 * @param metaOffset from the end of the body
 * @param storedAt and the two other times as in {@link Meta}
 */
record Slot(
        Kind kind,
        int sequence,
        int metaOffset,
        int metaLength,
        int metaCrc,
        long bodyLength,
        int bodyCrc,
        long storedAt,
        long freshUntil,
        long keepUntil) {
    static final int BYTES = 64;
    static final int HEADER = 2 * BYTES;
    static final int MAX_META = 1 << 20;
    private static final int CRC_AT = BYTES - Integer.BYTES;
    private static final int MAGIC_BYTES = Long.BYTES;

    /** What a file is for; a file of one kind is a foreign one to the others. */
    enum Kind {
        /** An answer of the cache. */
        ANSWER(0x00),
        /** A value of a map. */
        VALUE(0x01);

        /** 0x89 and CR as in PNG, against everything that takes it for a text; then the version. */
        private static final long MAGIC = 0x89_6D_75_74_6C_0D_01_00L;

        private final long magic;

        Kind(int code) {
            magic = MAGIC | code;
        }
    }

    /** Where the metadata begin in the file. */
    long metaAt() {
        return HEADER + bodyLength + metaOffset;
    }

    /** How long the file is at least. */
    long end() {
        return metaAt() + metaLength;
    }

    /** The same body, with other metadata and times. */
    Slot renewed(Meta meta, int offset, int length, int crc) {
        return new Slot(
                kind,
                sequence + 1,
                offset,
                length,
                crc,
                bodyLength,
                bodyCrc,
                meta.storedAt(),
                meta.freshUntil(),
                meta.keepUntil());
    }

    boolean sameBody(Slot other) {
        return bodyLength == other.bodyLength && bodyCrc == other.bodyCrc;
    }

    /** Which of the two places it belongs to: the one that its predecessor is not in. */
    int position() {
        return (sequence & 1) * BYTES;
    }

    byte[] bytes() {
        ByteBuffer slot = ByteBuffer.allocate(BYTES)
                .putLong(kind.magic)
                .putInt(sequence)
                .putInt(metaOffset)
                .putInt(metaLength)
                .putInt(metaCrc)
                .putLong(bodyLength)
                .putInt(bodyCrc)
                .putLong(storedAt)
                .putLong(freshUntil)
                .putLong(keepUntil);
        return slot.putInt(crc(slot.array(), 0, CRC_AT)).array();
    }

    /** A header of a new file: the slot twice, so that damage to one of them does no harm. */
    byte[] header() {
        Slot before = new Slot(
                kind,
                sequence - 1,
                metaOffset,
                metaLength,
                metaCrc,
                bodyLength,
                bodyCrc,
                storedAt,
                freshUntil,
                keepUntil);
        byte[] header = new byte[HEADER];
        for (Slot slot : new Slot[] {before, this}) {
            System.arraycopy(slot.bytes(), 0, header, slot.position(), BYTES);
        }
        return header;
    }

    /**
     * The slots that can be read, the one that holds first; at least one.
     *
     * @param length how much of the header there is
     * @throws DamagedException if there are none
     */
    static Slot[] read(Kind kind, byte[] header, int length) throws DamagedException {
        if (length < HEADER) {
            throw new DamagedException("shorter than a header", isOurs(kind, header, length));
        }
        boolean first = isWhole(kind, header, 0);
        boolean second = isWhole(kind, header, BYTES);
        if (!first && !second) {
            throw new DamagedException("no header", isOurs(kind, header, length));
        }
        if (!first || !second) {
            return new Slot[] {read(kind, ByteBuffer.wrap(header, first ? 0 : BYTES, BYTES))};
        }
        Slot one = read(kind, ByteBuffer.wrap(header, 0, BYTES));
        Slot other = read(kind, ByteBuffer.wrap(header, BYTES, BYTES));
        return one.sequence - other.sequence > 0 ? new Slot[] {one, other} : new Slot[] {other, one};
    }

    private static Slot read(Kind kind, ByteBuffer slot) {
        slot.getLong();
        return new Slot(
                kind,
                slot.getInt(),
                slot.getInt(),
                slot.getInt(),
                slot.getInt(),
                slot.getLong(),
                slot.getInt(),
                slot.getLong(),
                slot.getLong(),
                slot.getLong());
    }

    private static boolean isWhole(Kind kind, byte[] header, int at) {
        ByteBuffer slot = ByteBuffer.wrap(header);
        return slot.getLong(at) == kind.magic
                && slot.getInt(at + CRC_AT) == crc(header, at, CRC_AT)
                && slot.getInt(at + 12) >= 0
                && slot.getInt(at + 16) >= 0
                && slot.getInt(at + 16) <= MAX_META
                && slot.getLong(at + 24) >= 0
                && slot.getLong(at + 24) <= Long.MAX_VALUE / 2;
    }

    /** Whether a file is ours though it may be damaged. */
    static boolean isOurs(Kind kind, byte[] header, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(header);
        return (length >= MAGIC_BYTES && bytes.getLong(0) == kind.magic)
                || (length >= BYTES + MAGIC_BYTES && bytes.getLong(BYTES) == kind.magic);
    }

    /** Whether a file says nothing at all, as one that a file system lost the content of. */
    static boolean isBlank(byte[] header, int length) {
        for (int i = 0; i < length; i++) {
            if (header[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
