package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import java.util.List;

/**
 * The frames of RFC 6455, section 5, as a stream: the bytes of binary messages pass as they come, whatever length was
 * announced for them, so that nothing of a message is ever held back. Control frames pass as such.
 */
final class StreamDecoder extends ByteToMessageDecoder implements WebSocketFrameDecoder {
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int MAX_CONTROL = 125;
    private static final int MASK_BYTES = 4;

    private final boolean masked;
    private boolean inMessage;
    private long remaining;
    private int mask;
    private boolean corrupt;

    /** @param masked whether the frames are a client's */
    StreamDecoder(boolean masked) {
        this.masked = masked;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (corrupt) {
            in.skipBytes(in.readableBytes());
        } else if (remaining > 0) {
            pass(in, out);
        } else {
            header(in, out);
        }
    }

    private void pass(ByteBuf in, List<Object> out) {
        ByteBuf bytes = in.readRetainedSlice((int) Math.min(remaining, in.readableBytes()));
        remaining -= bytes.readableBytes();
        unmask(bytes);
        out.add(bytes);
    }

    private void header(ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        if (in.readableBytes() < 2) {
            return;
        }
        int first = in.getByte(start);
        int second = in.getByte(start + 1);
        int opcode = first & 0x0F;
        boolean last = (first & 0x80) != 0;
        check(first, (second & 0x80) != 0, opcode, second & 0x7F);
        int lengthBytes = (second & 0x7F) == 126 ? Short.BYTES : (second & 0x7F) == 127 ? Long.BYTES : 0;
        int headerBytes = 2 + lengthBytes + (masked ? MASK_BYTES : 0);
        boolean control = opcode >= CLOSE;
        if (in.readableBytes() < headerBytes + (control ? second & 0x7F : 0)) {
            return;
        }
        in.skipBytes(2);
        long length = switch (lengthBytes) {
            case Short.BYTES -> in.readUnsignedShort();
            case Long.BYTES -> in.readLong();
            default -> second & 0x7F;
        };
        if (length < 0) {
            throw corrupt(WebSocketCloseStatus.PROTOCOL_ERROR, "frame of more than 2^63-1 bytes");
        }
        mask = masked ? in.readInt() : 0;
        if (control) {
            ByteBuf body = in.readRetainedSlice((int) length);
            unmask(body);
            out.add(control(opcode, body));
        } else {
            inMessage = !last;
            remaining = length;
        }
    }

    private void check(int first, boolean hasMask, int opcode, int shortLength) {
        boolean last = (first & 0x80) != 0;
        if ((first & 0x70) != 0) {
            throw corrupt(WebSocketCloseStatus.PROTOCOL_ERROR, "frame with an extension that was not agreed on");
        }
        if (hasMask != masked) {
            throw corrupt(WebSocketCloseStatus.PROTOCOL_ERROR, masked ? "frame without a mask" : "frame with a mask");
        }
        if (opcode >= CLOSE && (opcode > PONG || !last || shortLength > MAX_CONTROL)) {
            throw corrupt(WebSocketCloseStatus.PROTOCOL_ERROR, "no such control frame");
        }
        if (opcode == TEXT) {
            throw corrupt(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "text where only binary messages are");
        }
        if (opcode < CLOSE && opcode != (inMessage ? CONTINUATION : BINARY)) {
            throw corrupt(WebSocketCloseStatus.PROTOCOL_ERROR, "frame out of order");
        }
    }

    private CorruptedWebSocketFrameException corrupt(WebSocketCloseStatus status, String what) {
        corrupt = true;
        return new CorruptedWebSocketFrameException(status, what);
    }

    private static WebSocketFrame control(int opcode, ByteBuf body) {
        return switch (opcode) {
            case PING -> new PingWebSocketFrame(body);
            case PONG -> new PongWebSocketFrame(body);
            default -> new CloseWebSocketFrame(true, 0, body);
        };
    }

    /** In place; turns the mask so that it fits the bytes that follow. */
    private void unmask(ByteBuf bytes) {
        if (mask == 0) {
            return;
        }
        int index = bytes.readerIndex();
        int end = bytes.writerIndex();
        long wide = (mask & 0xFFFFFFFFL) << 32 | (mask & 0xFFFFFFFFL);
        for (; end - index >= Long.BYTES; index += Long.BYTES) {
            bytes.setLong(index, bytes.getLong(index) ^ wide);
        }
        for (; index < end; index++) {
            bytes.setByte(index, bytes.getByte(index) ^ (mask >>> 24));
            mask = Integer.rotateLeft(mask, Byte.SIZE);
        }
    }
}
