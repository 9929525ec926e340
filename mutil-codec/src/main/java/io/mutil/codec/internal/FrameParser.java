package io.mutil.codec.internal;

import io.mutil.codec.TruncatedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that have arrived and were not read, as frames. Used by one thread at a time, under the lock of its
 * {@link FrameInbox}.
 *
 * <p>A frame begins when {@link #header()} says so, and ends with {@link #whole()} or {@link #endFrame()}.
 */
public final class FrameParser {
    /** Up to here a body is allocated at once; beyond it memory grows with what arrives, whatever was announced. */
    private static final int TRUSTED = 1 << 20;
    /** A buffer that brought no more is copied to the end of the last one, so that dribbles do not cost a buffer each. */
    private static final int DRIBBLE = 1 << 10;
    /** Up to here a part of a much larger buffer is copied, so that a few bytes do not keep all of it. */
    private static final int SMALL_PART = 4 << 10;

    /** The longest payload that {@link #whole()} can give. */
    static final int MAX_WHOLE = Integer.MAX_VALUE - 8;

    private static final byte[] NOTHING = {};

    /** Copying so little takes no longer than handing it on. */
    private static final int COPIED_AT_ONCE = 4 << 10;

    private final Framing framing;
    private final int copiedLater;
    private final ByteBuf split;
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
    private ByteBuf current = Unpooled.EMPTY_BUFFER;
    private long buffered;
    private long arrived;
    private long frames;
    private boolean ended;
    private boolean detached;
    private @Nullable Throwable failure;

    private boolean inFrame;
    private int kind;
    private long length;
    private long remaining;
    private byte[] body = NOTHING;
    private int bodyBytes;
    private @Nullable Object claim;

    /** @param copiedLater the longest frame that may lie here whole before it is copied */
    FrameParser(Framing framing, int copiedLater) {
        this.framing = framing;
        this.copiedLater = copiedLater;
        this.split = Unpooled.buffer(framing.maxHeaderBytes(), framing.maxHeaderBytes());
    }

    void add(ByteBuf bytes) {
        int count = bytes.readableBytes();
        arrived += count;
        buffered += count;
        ByteBuf last = chunks.isEmpty() ? current : chunks.peekLast();
        if (count == 0) {
            bytes.release();
        } else if (last.isReadable() && count <= last.writableBytes() && isDribble(bytes, count)) {
            last.writeBytes(bytes);
            bytes.release();
        } else {
            chunks.add(detached ? onHeap(bytes) : apart(bytes));
        }
    }

    private static boolean isDribble(ByteBuf bytes, int count) {
        return count <= DRIBBLE || count < bytes.capacity() / 2;
    }

    private static ByteBuf apart(ByteBuf bytes) {
        int count = bytes.readableBytes();
        // what may grow is no part of something else, and takes the dribbles that follow
        if (bytes.maxWritableBytes() > 0 || !isSmallPart(bytes, count)) {
            return bytes;
        }
        ByteBuf copy = bytes.alloc().buffer(SMALL_PART).writeBytes(bytes);
        bytes.release();
        return copy;
    }

    private static boolean isSmallPart(ByteBuf bytes, int count) {
        ByteBuf whole = bytes;
        for (ByteBuf next = bytes.unwrap(); next != null; next = next.unwrap()) {
            whole = next;
        }
        return count <= SMALL_PART && count < whole.capacity() / 4;
    }

    /** @param why what happened to the rest, null after an orderly end */
    void end(@Nullable Throwable why) {
        if (!ended) {
            ended = true;
            failure = why;
        }
    }

    /** Copies what is here to memory that nobody has to release. */
    void detach() {
        if (detached) {
            return;
        }
        detached = true;
        current = onHeap(current);
        for (int i = chunks.size(); i > 0; i--) {
            chunks.add(onHeap(chunks.remove()));
        }
    }

    private static ByteBuf onHeap(ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy).release();
        return Unpooled.wrappedBuffer(copy);
    }

    /** Bytes that have arrived and were not read. */
    long buffered() {
        return buffered;
    }

    /** Bytes that have arrived. */
    long arrived() {
        return arrived;
    }

    /** Frames that have been read to their end. */
    long frames() {
        return frames;
    }

    void release() {
        buffered = 0;
        current.release();
        current = Unpooled.EMPTY_BUFFER;
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        body = NOTHING;
    }

    /** Whether the stream has ended, behind a whole frame. */
    public boolean atEnd() {
        return ended && buffered == 0 && !inFrame;
    }

    /**
     * Whether the next frame has begun: its header is read, its payload is not.
     *
     * @throws TruncatedFrameException if the stream ended inside the header
     * @throws IOException if the stream broke here
     */
    public boolean header() throws IOException {
        if (inFrame) {
            return true;
        }
        long onWire = readHeader();
        if (onWire < 0) {
            requireHeader();
            return false;
        }
        inFrame = true;
        length = onWire;
        remaining = onWire;
        return true;
    }

    private void requireHeader() throws IOException {
        if (ended && failure != null) {
            throw Waiting.failure(failure);
        }
        int part = split.readableBytes();
        if (ended && part > 0) {
            throw TruncatedFrameException.inHeader(framing.maxHeaderBytes(), part);
        }
    }

    private long readHeader() throws IOException {
        int max = framing.maxHeaderBytes();
        ByteBuf in = current();
        if (!split.isReadable() && in.readableBytes() >= max) {
            int before = in.readerIndex();
            long onWire = untyped(framing.readHeader(in), in);
            buffered -= in.readerIndex() - before;
            return onWire;
        }
        // a border between two buffers, or the end of what is there: byte by byte, not to take from the payload
        while (in.isReadable()) {
            split.writeByte(in.readByte());
            buffered--;
            long onWire = splitHeader();
            if (onWire >= 0) {
                return onWire;
            }
            in = current();
        }
        return -1;
    }

    private long splitHeader() throws IOException {
        long onWire = framing.readHeader(split);
        if (onWire < 0) {
            return -1;
        }
        if (framing.typed() && onWire > 0 && !split.isReadable()) {
            split.readerIndex(0);
            return -1;
        }
        onWire = untyped(onWire, split);
        split.clear();
        return onWire;
    }

    private long untyped(long onWire, ByteBuf in) throws IOException {
        if (!framing.typed()) {
            return onWire;
        }
        if (onWire == 0) {
            throw new IOException("frame without a kind; the peer does not speak this protocol");
        }
        kind = in.readUnsignedByte();
        return onWire - 1;
    }

    @SuppressWarnings("ReferenceEquality") // one empty buffer stands for none
    private ByteBuf current() {
        while (!current.isReadable() && !chunks.isEmpty()) {
            current.release();
            current = chunks.remove();
        }
        if (!current.isReadable()) {
            current.release();
            current = Unpooled.EMPTY_BUFFER;
        }
        return current;
    }

    /** The kind of this frame. */
    public int kind() {
        return kind;
    }

    /** Bytes of the payload of this frame. */
    public long length() {
        return length;
    }

    /** Bytes of the payload of this frame that were not read. */
    public long remaining() {
        return remaining;
    }

    /**
     * Ends this frame with its payload as one buffer, which is the caller's. What a reading that was given up has
     * gathered is kept for the next.
     *
     * @return null if not all of it is there
     * @throws TruncatedFrameException if the stream ended inside the payload
     */
    public @Nullable ByteBuffer whole() throws IOException {
        return whole(null);
    }

    /**
     * As {@link #whole()}.
     *
     * @param target has room for the payload, which is put into it; null for a buffer of its own
     * @return the target, if there is one
     */
    public @Nullable ByteBuffer whole(@Nullable ByteBuffer target) throws IOException {
        ByteBuffer payload = wholeIfHere();
        if (payload == null || target == null) {
            return payload;
        }
        return target.put(payload);
    }

    private @Nullable ByteBuffer wholeIfHere() throws IOException {
        if (body.length == 0) {
            ByteBuf in = current();
            if (remaining <= in.readableBytes()) {
                byte[] bytes = take(in, new byte[(int) remaining], 0, (int) remaining);
                endFrame();
                return ByteBuffer.wrap(bytes);
            }
        }
        return gather();
    }

    private @Nullable ByteBuffer gather() throws IOException {
        while (remaining > 0) {
            ByteBuf in = current();
            if (!in.isReadable()) {
                requireMore();
                return null;
            }
            int count = (int) Math.min(remaining, in.readableBytes());
            makeRoom(count);
            take(in, body, bodyBytes, count);
            bodyBytes += count;
        }
        byte[] bytes = body;
        int count = bodyBytes;
        body = NOTHING;
        bodyBytes = 0;
        endFrame();
        return ByteBuffer.wrap(bytes, 0, count);
    }

    /**
     * Whether this frame is so long that others should not wait while it is copied, and short enough to wait for all of it.
     */
    public boolean isCopiedLater() {
        return length > COPIED_AT_ONCE && length <= copiedLater && bodyBytes == 0;
    }

    /** Whether the end of a frame that {@link #isCopiedLater()} has not come. */
    boolean isCutOff() {
        return inFrame && isCopiedLater() && buffered < remaining;
    }

    /**
     * As {@link #whole()}, for a frame that {@link #isCopiedLater()}.
     *
     * @param target has room for the payload, which is put into it; null for a buffer of its own
     * @return what copies the payload, and must be asked to, without the lock; null if not all of it is there
     */
    public @Nullable Supplier<@Nullable ByteBuffer> wholeLater(@Nullable ByteBuffer target) throws IOException {
        if (buffered < remaining) {
            if (ended) {
                // says what is missing
                whole();
            }
            return null;
        }
        var parts = new FrameParts((int) remaining, target);
        while (remaining > 0) {
            ByteBuf in = current();
            int count = (int) Math.min(remaining, in.readableBytes());
            parts.add(in.readRetainedSlice(count));
            buffered -= count;
            remaining -= count;
        }
        current();
        endFrame();
        return parts;
    }

    private byte[] take(ByteBuf in, byte[] into, int index, int count) {
        in.readBytes(into, index, count);
        buffered -= count;
        remaining -= count;
        current();
        return into;
    }

    private void makeRoom(int count) {
        int needed = bodyBytes + count;
        if (needed > body.length) {
            int larger = (int) Math.min(length, Math.max(2L * needed, TRUSTED));
            body = Arrays.copyOf(body, larger);
        }
    }

    private void requireMore() throws IOException {
        if (ended && failure != null) {
            throw Waiting.failure(failure);
        }
        if (ended) {
            throw new TruncatedFrameException(length, length - remaining);
        }
    }

    /**
     * Some of the bytes of this frame, as a buffer that is the caller's.
     *
     * @return null if none are there, also at the end of the payload
     * @throws TruncatedFrameException if the stream ended inside the payload
     */
    public @Nullable ByteBuffer piece(int max) throws IOException {
        if (bodyBytes > 0) {
            return gathered(max);
        }
        ByteBuf in = current();
        if (remaining == 0) {
            return null;
        }
        if (!in.isReadable()) {
            requireMore();
            return null;
        }
        int count = (int) Math.min(Math.min(max, remaining), in.readableBytes());
        return ByteBuffer.wrap(take(in, new byte[count], 0, count));
    }

    private ByteBuffer gathered(int max) {
        int count = Math.min(max, bodyBytes);
        byte[] first = Arrays.copyOf(body, count);
        bodyBytes -= count;
        System.arraycopy(body, count, body, 0, bodyBytes);
        body = bodyBytes == 0 ? NOTHING : body;
        return ByteBuffer.wrap(first);
    }

    /**
     * Some of the bytes of this frame, without a copy where they are many and no reading that was given up has gathered
     * them.
     *
     * @return a buffer that the caller releases; null if none are there, also at the end of the payload
     * @throws TruncatedFrameException if the stream ended inside the payload
     */
    public @Nullable ByteBuf slice(int max) throws IOException {
        if (bodyBytes > 0) {
            return Unpooled.wrappedBuffer(gathered(max));
        }
        ByteBuf in = current();
        if (remaining == 0) {
            return null;
        }
        if (!in.isReadable()) {
            requireMore();
            return null;
        }
        int count = (int) Math.min(Math.min(max, remaining), in.readableBytes());
        buffered -= count;
        remaining -= count;
        return isSmallPart(in, count) ? in.alloc().buffer(count).writeBytes(in, count) : in.readRetainedSlice(count);
    }

    /** Drops what is left of this frame, as far as it is there, and ends it; false if more has to come. */
    public boolean skip() throws IOException {
        body = NOTHING;
        bodyBytes = 0;
        while (remaining > 0) {
            ByteBuf in = current();
            if (!in.isReadable()) {
                requireMore();
                return false;
            }
            int count = (int) Math.min(remaining, in.readableBytes());
            in.skipBytes(count);
            buffered -= count;
            remaining -= count;
        }
        endFrame();
        return true;
    }

    /** Ends a frame of which every byte was read. */
    public void endFrame() {
        if (remaining > 0) {
            throw new IllegalStateException("frame ends while " + remaining + " bytes of it were not read");
        }
        inFrame = false;
        claim = null;
        frames++;
    }

    /** Reserves this frame for whoever began to read it in pieces. */
    public void claim(Object owner) {
        claim = owner;
    }

    /** Who reserved this frame, if anybody did. */
    public @Nullable Object claimedBy() {
        return claim;
    }
}
