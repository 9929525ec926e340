package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytesCodecTest {
    private final Codec<byte[]> codec = Codec.bytes();
    private final byte[] all = new byte[256];

    BytesCodecTest() {
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
    }

    @Test
    void aPayloadIsOneValueAndStaysAsItIs() throws Exception {
        ByteBuf payload = codec.encode(ByteBufAllocator.DEFAULT, all);
        try {
            assertThat(codec.decode(payload.duplicate())).isEqualTo(all);
            assertThat(codec.decodeAll(payload)).hasSize(1).first().isEqualTo(all);
            assertThat(payload.readableBytes()).as("all bytes count as read").isZero();
        } finally {
            payload.release();
        }
    }

    @Test
    void anEmptyPayloadIsAnEmptyValue() throws Exception {
        assertThat(codec.decodeAll(Unpooled.EMPTY_BUFFER)).hasSize(1).first().isEqualTo(new byte[0]);
    }

    @Test
    void thereIsNoArray() {
        ByteBuf into = Unpooled.buffer();

        codec.encodeAll(List.of(all), into);

        assertThat(into.readableBytes()).isEqualTo(256);
        assertThatThrownBy(() -> codec.encodeAll(List.of(all, all), into))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 values");
        assertThat(into.readableBytes()).isEqualTo(256);
        assertThat(codec.isText()).isFalse();
        assertThat(JsonCodec.of(Long.class).isText()).isTrue();
    }

    @Test
    void isTheSameAfterATravel() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var objects = new ObjectOutputStream(out)) {
            objects.writeObject(codec);
        }
        try (var objects = new ObjectInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            assertThat(objects.readObject()).isSameAs(codec);
        }
    }
}
