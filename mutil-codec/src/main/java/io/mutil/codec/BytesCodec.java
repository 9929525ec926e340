package io.mutil.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** The payload itself; see {@link Codec#bytes}. */
enum BytesCodec implements Codec<byte[]> {
    INSTANCE;

    @Override
    public boolean isText() {
        return false;
    }

    @Override
    public void encode(byte[] value, ByteBuf into) {
        into.writeBytes(value);
    }

    @Override
    public byte[] decode(ByteBuf payload) {
        byte[] value = ByteBufUtil.getBytes(payload);
        payload.readerIndex(payload.writerIndex());
        return value;
    }

    @Override
    public void encodeAll(List<? extends byte[]> items, ByteBuf into) {
        if (items.size() != 1) {
            throw new IllegalArgumentException("bytes have no form for an array of " + items.size()
                    + " values; send each in a payload of its own");
        }
        encode(items.get(0), into);
    }

    @Override
    public List<byte[]> decodeAll(ByteBuf payload) {
        List<byte[]> one = new ArrayList<>(1);
        one.add(decode(payload));
        return one;
    }

    @Override
    public String toString() {
        return "Codec.bytes()";
    }
}
