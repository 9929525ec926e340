package io.mutil.wproxy;

import io.mutil.server.PreparedBatch;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Messages encoded once for all subscribers, one behind the other, so that any run of neighbours is one write.
 *
 * <p>Filled by one thread, then read by many, and released by the last of them.
 */
final class Messages {
    private static final int FIRST_ROOM = 16;

    private final PreparedBatch frames;
    private final BitSet binary = new BitSet();
    private byte[][] sources = new byte[FIRST_ROOM][];
    private int[] ranges = new int[2 * FIRST_ROOM];
    private @Nullable Element[] copies = new Element[FIRST_ROOM];
    private long payloadBytes;

    Messages(ByteBufAllocator allocator, int expectedBytes) {
        frames = new PreparedBatch(allocator, expectedBytes);
    }

    /** @param source must not change while this is in use */
    int add(boolean text, byte[] source, int from, int to) {
        int index = text ? frames.addText(source, from, to - from) : frames.addBinary(source, from, to - from);
        if (index == sources.length) {
            grow();
        }
        if (!text) {
            binary.set(index);
        }
        sources[index] = source;
        ranges[2 * index] = from;
        ranges[2 * index + 1] = to;
        payloadBytes += to - from;
        return index;
    }

    private void grow() {
        int room = 2 * sources.length;
        sources = Arrays.copyOf(sources, room);
        ranges = Arrays.copyOf(ranges, 2 * room);
        copies = Arrays.copyOf(copies, room);
    }

    void add(Element element) {
        int index = add(element.isText(), element.payload(), 0, element.bytes());
        copies[index] = element;
    }

    int size() {
        return frames.size();
    }

    long payloadBytes() {
        return payloadBytes;
    }

    /** Of the frames of a run. */
    long frameBytes(int from, int to) {
        return frames.bytes(from, to);
    }

    PreparedBatch frames() {
        return frames;
    }

    ByteBuffer payload(int index) {
        return ByteBuffer.wrap(sources[index], ranges[2 * index], bytes(index));
    }

    int bytes(int index) {
        return ranges[2 * index + 1] - ranges[2 * index];
    }

    /** The message on its own. Loops that ask at the same time may make two; a race costs a copy and nothing else. */
    Element copy(int index) {
        Element copy = copies[index];
        if (copy == null) {
            byte[] payload = Arrays.copyOfRange(sources[index], ranges[2 * index], ranges[2 * index + 1]);
            copy = new Element(payload, !binary.get(index));
            copies[index] = copy;
        }
        return copy;
    }

    void release() {
        frames.release();
    }
}
