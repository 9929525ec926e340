package io.mutil.sqlshard;

import java.io.IOException;

/**
 * What the first byte of a row says.
 *
 * <p>A row of the Python library is a zlib stream, whose first byte has 8 in its low four bits, and whose payload is JSON.
 * Every other row begins with a tag: in the high four bits the form of the payload, in the low four bits 0 for
 * a plain payload and 1 for a zlib stream. So 0x10 is plain JSON, 0x21 deflated CBOR, 0x30 plain bytes.
 */
final class RowBytes {
    /** The row is a zlib stream without a tag. */
    static final int NO_TAG = -1;

    private static final int ZLIB = 8;
    private static final int DEFLATED = 1;

    private RowBytes() {}

    static byte[] plain(ValueForm form, byte[] payload) {
        var row = new byte[payload.length + 1];
        row[0] = (byte) tag(form, 0);
        System.arraycopy(payload, 0, row, 1, payload.length);
        return row;
    }

    static int tagOfDeflated(ValueForm form) {
        return form == ValueForm.JSON ? NO_TAG : tag(form, DEFLATED);
    }

    private static int tag(ValueForm form, int low) {
        return form.tag() << 4 | low;
    }

    /** Checks the tag as well. */
    static ValueForm form(byte[] row) throws IOException {
        int first = row.length == 0 ? 0 : row[0] & 0xFF;
        int low = first & 0xF;
        if (low == ZLIB) {
            return ValueForm.JSON;
        }
        ValueForm form = ValueForm.of(first >> 4);
        if (form == null || low > DEFLATED) {
            throw new DamagedRowException("a row of " + row.length + " bytes begins with none of the known tags", null);
        }
        return form;
    }

    static boolean isDeflated(byte[] row) {
        return (row[0] & 0xF) != 0;
    }

    static int payloadOffset(byte[] row) {
        return (row[0] & 0xF) == ZLIB ? 0 : 1;
    }
}
