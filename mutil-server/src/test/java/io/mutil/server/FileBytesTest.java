package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FileBytesTest {
    private final AtomicInteger roomy = new AtomicInteger();
    private final FileBytes bytes = new FileBytes(roomy::incrementAndGet);

    private static ByteBuf piece(int length) {
        return Unpooled.buffer(length).writeZero(length);
    }

    private int fill(int pieceLength) {
        int count = 0;
        while (bytes.room() > 0) {
            bytes.put(piece(Math.min(bytes.room(), pieceLength)));
            count++;
        }
        return count;
    }

    private int takeAll() throws Throwable {
        int count = 0;
        for (ByteBuf piece : bytes.take()) {
            count += piece.readableBytes();
            piece.release();
        }
        return count;
    }

    @Test
    void holdsAMebibyte() throws Throwable {
        assertThat(fill(64 << 10)).isEqualTo(16);

        assertThat(roomy).hasValue(0);
        assertThat(takeAll()).isEqualTo(1 << 20);

        assertThat(roomy).hasValue(1);
        assertThat(bytes.room()).isEqualTo(1 << 20);
    }

    @Test
    void tinyPiecesFillItToo() throws Throwable {
        assertThat(fill(1)).isLessThanOrEqualTo(1024);

        takeAll();

        assertThat(roomy).hasValue(1);
    }

    @Test
    void whatIsDroppedIsReleased() {
        ByteBuf early = piece(1);
        ByteBuf late = piece(1);
        bytes.put(early);

        bytes.drop();
        bytes.put(late);

        assertThat(early.refCnt()).isZero();
        assertThat(late.refCnt()).isZero();
        assertThat(bytes.room()).isEqualTo(1 << 20);
    }
}
