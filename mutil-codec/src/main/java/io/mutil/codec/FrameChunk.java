package io.mutil.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * Some bytes of a frame that comes in pieces, in a Netty pipeline; see {@link FrameEvent}. Reference-counted: the receiver
 * releases it.
 */
public final class FrameChunk extends DefaultByteBufHolder implements FrameEvent {
    /** Takes over the caller's reference to {@code content}. */
    public FrameChunk(ByteBuf content) {
        super(content);
    }

    @Override
    public FrameChunk copy() {
        return (FrameChunk) super.copy();
    }

    @Override
    public FrameChunk duplicate() {
        return (FrameChunk) super.duplicate();
    }

    @Override
    public FrameChunk retainedDuplicate() {
        return (FrameChunk) super.retainedDuplicate();
    }

    @Override
    public FrameChunk replace(ByteBuf content) {
        return new FrameChunk(content);
    }

    @Override
    public FrameChunk retain() {
        super.retain();
        return this;
    }

    @Override
    public FrameChunk retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FrameChunk touch() {
        super.touch();
        return this;
    }

    @Override
    public FrameChunk touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public String toString() {
        return "FrameChunk[" + contentToString() + "]";
    }
}
