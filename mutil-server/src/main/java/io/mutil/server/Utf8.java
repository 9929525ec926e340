package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Checks text, most of which is ASCII: eight bytes at a time as long as it is, because Netty looks at each by itself. */
final class Utf8 {
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** Whether the readable bytes are UTF-8. */
    static boolean isValid(ByteBuf bytes) {
        int next = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (end - next >= Long.BYTES && (bytes.getLong(next) & NOT_ASCII) == 0) {
            next += Long.BYTES;
        }
        return ByteBufUtil.isText(bytes, next, end - next, UTF_8);
    }
}
